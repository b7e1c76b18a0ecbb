import { EventEmitter } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { createLogger } from './logger.ts';
import { listenForShutdown, type SignalSource } from './shutdown.ts';

const logger = createLogger('test', 'silent');

const fakeProcess = () => {
  const exit = vi.fn();
  return Object.assign(new EventEmitter(), { exit }) satisfies SignalSource;
};

afterEach(() => {
  vi.useRealTimers();
});

test.each(['SIGTERM', 'SIGINT'])('%s aborts the signal and does not exit the process', (name) => {
  const target = fakeProcess();
  const abortSignal = listenForShutdown(logger, target);
  expect(abortSignal.aborted).toBe(false);
  target.emit(name, name);
  expect(abortSignal.aborted).toBe(true);
  expect(target.exit).not.toHaveBeenCalled();
});

test('two signals of one Ctrl-C count once', () => {
  const target = fakeProcess();
  listenForShutdown(logger, target);
  target.emit('SIGINT', 'SIGINT');
  target.emit('SIGTERM', 'SIGTERM');
  expect(target.exit).not.toHaveBeenCalled();
});

test('a second signal exits immediately', () => {
  vi.useFakeTimers();
  const target = fakeProcess();
  listenForShutdown(logger, target);
  target.emit('SIGINT', 'SIGINT');
  vi.advanceTimersByTime(5000);
  target.emit('SIGINT', 'SIGINT');
  expect(target.exit).toHaveBeenCalledWith(1);
});
