import { Writable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { html } from '../layout/html.ts';
import { createPagePusher } from './page-pusher.ts';

/** A browser's line that takes what is written only when the test lets it. */
const slowLine = () => {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const line = new Writable({
    highWaterMark: 20,
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk.toString());
      waiting.push(done);
    },
  });
  return { line, taken, take: () => waiting.shift()?.() };
};

it('a browser that does not keep up is sent only the newest, when there is room', async () => {
  const { line, taken, take } = slowLine();
  let shown = 0;
  let drawn = 0;
  const load = async () => {
    drawn += 1;
    return [html`<p id="one">${shown}</p>`, html`<p id="two">${shown}</p>`];
  };
  const failed = vi.fn();
  const page = createPagePusher(line as never, load, failed);
  await page.redraw();
  for (shown = 1; shown < 50; shown += 1) await page.redraw();
  page.sendHeartbeat();
  expect(drawn).toBe(1);
  expect(taken).toHaveLength(1);
  expect(line.writableLength).toBeLessThan(200);
  await vi.waitFor(() => {
    take();
    expect(taken.at(-1)).toContain('id=\\"two\\">50');
  });
  expect(taken.join()).toContain('id=\\"one\\">50');
  expect(taken).toHaveLength(3);
  expect(failed).not.toHaveBeenCalled();
});

it('two redraws at one moment do not overtake one another', async () => {
  const line = new Writable({ write: (_chunk, _encoding, done) => done() });
  const written = vi.spyOn(line, 'write');
  const first = Promise.withResolvers<void>();
  let shown = 'old';
  const page = createPagePusher(
    line as never,
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
