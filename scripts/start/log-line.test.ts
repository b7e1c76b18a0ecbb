import { expect, test } from 'vitest';
import { problemIn, readable } from './log-line.ts';

test('warnings and errors of our processes are problems', () => {
  expect(problemIn('{"level":50,"msg":"posting failed","err":{"message":"429"}}')).toBe(
    'posting failed: 429',
  );
  expect(problemIn('{"level":40,"msg":"waiting for Temporal"}')).toBe('waiting for Temporal');
});

test('news, and lines that are not ours, are none', () => {
  expect(problemIn('{"level":30,"msg":"started"}')).toBeNull();
  expect(problemIn('Killed')).toBeNull();
  expect(problemIn('null')).toBeNull();
  expect(problemIn('42')).toBeNull();
});

test('a line is shown by its words', () => {
  expect(readable('{"level":30,"msg":"started"}')).toBe('started');
  expect(readable('Error: no')).toBe('Error: no');
});
