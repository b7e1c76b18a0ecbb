import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createWeb } from '../src/server.js';

const web = createWeb({ environment: 'test', commit: 'abc123', now: () => new Date(2026, 0, 1, 9) });
let address = '';

before(async () => {
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  address = `http://127.0.0.1:${web.address().port}`;
});

after(() => web.close());

test('the page greets', async () => {
  const response = await fetch(`${address}/`);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /Good morning/);
});

test('it says that it is well', async () => {
  assert.equal(await (await fetch(`${address}/healthz`)).text(), 'ok\n');
});

test('it says which commit it is', async () => {
  assert.equal(await (await fetch(`${address}/version`)).text(), 'abc123\n');
});

test('an unknown path is answered with 404', async () => {
  assert.equal((await fetch(`${address}/secret`)).status, 404);
});

test('nothing can be sent to it', async () => {
  assert.equal((await fetch(`${address}/`, { method: 'POST', body: 'x' })).status, 405);
});
