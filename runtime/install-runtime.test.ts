import { Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { installRuntime } from './install-runtime.ts';

const lines: string[] = [];
const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
afterAll(() => Runtime.instance().shutdown());

test('expected warnings of the SDK are dropped, and all other lines are logged', async () => {
  installRuntime(logger, (message) => message === 'mine');
  const runtime = Runtime.instance();
  runtime.logger.warn('No workflows registered, not polling for workflow tasks');
  runtime.logger.warn('No Nexus services registered, not polling for Nexus tasks');
  runtime.logger.warn('mine');
  runtime.logger.warn('the server is slow', { workflowId: 'x', attempt: 2 });
  await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ msg: 'the server is slow', workflowId: 'x', attempt: 2 }),
  ]);
});
