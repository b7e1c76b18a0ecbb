import { PGlite } from '@electric-sql/pglite';
import { readFileSync } from 'node:fs';
import v8 from 'node:v8';
if (process.argv[3]) v8.setFlagsFromString(process.argv[3]);
const mem = () => { const st = readFileSync('/proc/self/status','utf8'); const m = process.memoryUsage(); return [st.match(/VmHWM.*/)[0], st.match(/VmRSS.*/)[0], 'ext', m.external>>20].join(' '); };
console.log(JSON.stringify(PGlite.defaultStartParams));
let t = performance.now();
const extra = process.argv[4] ? process.argv[4].split(',').flatMap((p) => ['-c', p]) : [];
const db = await PGlite.create(process.argv[2], { startParams: [...PGlite.defaultStartParams, ...extra] });
console.log('create ms', Math.round(performance.now() - t), mem());
console.log((await db.query('show shared_buffers')).rows, (await db.query('show work_mem')).rows);
await db.exec('create table if not exists t (id int primary key, v jsonb)');
for (let r = 0; r < 6; r++) {
t = performance.now();
for (let i = 0; i < 300; i++) await db.query('insert into t values ($1,$2) on conflict (id) do update set v = excluded.v', [i, JSON.stringify({ a: 'x'.repeat(3000), r })]);
const up = (performance.now() - t) / 300; t = performance.now();
for (let i = 0; i < 300; i++) await db.query('select v from t where id = $1', [i]);
const sel = (performance.now() - t) / 300; t = performance.now();
for (let i = 0; i < 5; i++) await db.query(`select id, v from t where v->>'a' like '%y%' order by id`);
console.log('upsert ms', up.toFixed(2), 'select ms', sel.toFixed(2), 'scan', ((performance.now() - t) / 5).toFixed(1));
}
console.log(mem());
await new Promise(r => setTimeout(r, 3000));
console.log('later', mem());
process.exit(0)
