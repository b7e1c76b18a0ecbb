import { Writable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { html } from '../layout/html.ts';
import { createPagePusher } from './page-pusher.ts';

/** A connection that accepts data only when the test allows it. */
const createSlowConnection = () => {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const connection = new Writable({
    highWaterMark: 20,
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk.toString());
      waiting.push(done);
    },
  });
  return { connection, taken, take: () => waiting.shift()?.() };
};

it('a slow browser gets only the newest regions, after its buffer drains', async () => {
  const { connection, taken, take } = createSlowConnection();
  let shown = 0;
  let drawn = 0;
  const load = async () => {
    drawn += 1;
    return [html`<p id="one">${shown}</p>`, html`<p id="two">${shown}</p>`];
  };
  const onError = vi.fn();
  const page = createPagePusher(connection as never, load, onError);
  await page.redraw();
  for (shown = 1; shown < 50; shown += 1) await page.redraw();
  page.sendHeartbeat();
  expect(drawn).toBe(1);
  expect(taken).toHaveLength(1);
  expect(connection.writableLength).toBeLessThan(200);
  await vi.waitFor(() => {
    take();
    expect(taken.at(-1)).toContain('id=\\"two\\">50');
  });
  expect(taken.join()).toContain('id=\\"one\\">50');
  expect(taken).toHaveLength(3);
  expect(onError).not.toHaveBeenCalled();
});

it('concurrent redraws keep their order', async () => {
  const connection = new Writable({ write: (_chunk, _encoding, done) => done() });
  const written = vi.spyOn(connection, 'write');
  const first = Promise.withResolvers<void>();
  let shown = 'old';
  const page = createPagePusher(
    connection as never,
    async () => {
      const region = html`<p id="one">${shown}</p>`;
      if (shown === 'old') await first.promise;
      return [region];
    },
    vi.fn(),
  );
  const drawing = page.redraw();
  shown = 'new';
  await page.redraw();
  first.resolve();
  await drawing;
  expect(String(written.mock.calls.at(-1)?.[0])).toContain('new');
});
