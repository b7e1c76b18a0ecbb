import { PGlite } from '@electric-sql/pglite';
import { readFileSync } from 'node:fs';
const show = (l) => { const st = readFileSync('/proc/self/status','utf8'); const m = process.memoryUsage(); console.log(l, st.match(/VmHWM.*/)[0], st.match(/VmRSS.*/)[0], 'heap', m.heapTotal>>20, m.heapUsed>>20, 'ext', m.external>>20, 'ab', m.arrayBuffers>>20); };
show('start');
const db = await PGlite.create(process.argv[2]);
show('created');
await db.exec('create table if not exists t (id int primary key, v jsonb)');
for (let i = 0; i < 500; i++) await db.query('insert into t values ($1,$2) on conflict (id) do update set v = excluded.v', [i, JSON.stringify({ a: 'x'.repeat(3000) })]);
show('used');
await new Promise(r => setTimeout(r, 15000));
show('later');
globalThis.gc?.(); await new Promise(r => setTimeout(r, 1000));
show('gc');
process.exit(0)
