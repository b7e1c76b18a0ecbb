import { expect, test } from 'vitest';
import { formatLogLine, getProblem } from './log-record.ts';

test('warnings and errors of the started processes are problems', () => {
  expect(getProblem('{"level":50,"msg":"posting failed","err":{"message":"429"}}')).toBe(
    'posting failed: 429',
  );
  expect(getProblem('{"level":40,"msg":"waiting for Temporal"}')).toBe('waiting for Temporal');
});

test('a problem names what failed, where, and why', () => {
  const stage = {
    level: 40,
    msg: 'stage failed',
    stage: 'perform_tests',
    workflowId: 'total-build-76f5df01-0000-4000-8000-000000000000',
    reason: '2 tests failed',
  };
  expect(getProblem(JSON.stringify(stage))).toBe('stage failed (perform_tests, run 76f5df): 2 tests failed');
  const catalog = { level: 50, msg: 'the catalog was refused', problems: ['line 1: a', 'line 2: b'] };
  expect(getProblem(JSON.stringify(catalog))).toBe('the catalog was refused: line 1: a; line 2: b');
  const many = { ...catalog, problems: ['a', 'b', 'c', 'd', 'e'] };
  expect(getProblem(JSON.stringify(many))).toBe('the catalog was refused: a; b; c; and 2 more');
  expect(getProblem('{"level":40,"msg":"not connected to Slack","error":"invalid_auth"}')).toBe(
    'not connected to Slack: invalid_auth',
  );
});

test('information and lines of other programs are not problems', () => {
  expect(getProblem('{"level":30,"msg":"started"}')).toBeNull();
  expect(getProblem('Killed')).toBeNull();
  expect(getProblem('null')).toBeNull();
  expect(getProblem('42')).toBeNull();
});

test('a line is shown as its message', () => {
  expect(formatLogLine('{"level":30,"msg":"started"}')).toBe('started');
  expect(formatLogLine('Error: no')).toBe('Error: no');
});
