import { describe, expect, test } from 'vitest';
import type { AppliedRecord, EnvironmentView } from './contract/environment.ts';
import type { RunView } from './contract/run-view.ts';
import {
  readAppliedRecord,
  readEnvironmentView,
  readPayload,
  readRunView,
  readTarget,
  withPreviousNames,
  withPreviousRevision,
} from './contract/stored-views.ts';
import { fromEnvironmentKey, type Target, toEnvironmentKey } from './contract/target.ts';
import { sampleStack, sampleTarget } from './testing/samples.ts';

const service = sampleTarget('web', 'production');
const stack = sampleStack('network');

/** A target as the previous version stored it. */
const toPrevious = ({ kind: _kind, name, ...rest }: Target): never =>
  ({ environment: 'stack', ...rest, service: name }) as never;

const record: AppliedRecord = {
  workflowId: 'total-build-1',
  revision: 'a'.repeat(40),
  digest: 'd',
  at: 1,
  requestedBy: { id: 'ada@example.com', name: 'Ada' },
  approvedBy: [],
};
const { revision, ...unnamed } = record;
const previousRecord = { ...unnamed, commit: revision } as never;

describe('a target', () => {
  test.each([
    ['service', service],
    ['stack', stack],
  ])('of a %s is read in the form of the previous version and in the current form', (_kind, target) => {
    expect(readTarget(toPrevious(target))).toEqual(target);
    expect(readTarget(target)).toEqual(target);
  });

  test('is written with the names that the previous version reads too', () => {
    expect(withPreviousNames(service)).toMatchObject({
      ...service,
      service: 'web',
      environment: 'production',
    });
    expect(withPreviousNames(stack)).toMatchObject({ ...stack, service: 'network', environment: 'stack' });
    expect(readTarget(withPreviousNames(stack))).toMatchObject(stack);
  });
});

test('the input of an activity is read in both forms', () => {
  const input = { workflowId: 'w', attempt: 2, target: stack, revision: 'f00d', destroy: true };
  const previous = { workflowId: 'w', attempt: 2, target: toPrevious(stack), commit: 'f00d', destroy: true };
  expect(readPayload<unknown>(previous)).toEqual(input);
  expect(readPayload(input)).toEqual(input);
  expect(readPayload(withPreviousRevision(input))).toEqual({ ...input, commit: 'f00d' });
  expect(
    readPayload<unknown>({ target: toPrevious(service), ref: null, lastApplied: previousRecord }),
  ).toEqual({
    target: service,
    ref: null,
    lastApplied: record,
  });
});

test('the result of an activity is read in both forms', () => {
  expect(readPayload<unknown>({ detail: 'ready', tail: [], log: null, commit: 'f00d' })).toEqual({
    detail: 'ready',
    tail: [],
    log: null,
    revision: 'f00d',
  });
});

test('the record of an apply is read in both forms', () => {
  expect(readAppliedRecord(previousRecord)).toEqual(record);
  expect(readAppliedRecord(record)).toEqual(record);
  expect(readAppliedRecord(withPreviousRevision(record))).toEqual({ ...record, commit: revision });
  expect(readAppliedRecord(null)).toBeNull();
});

test.each([
  [
    { service: 'web', environment: 'production' },
    { name: 'web', environment: 'production' },
  ],
  [
    { service: 'network', environment: 'stack' },
    { name: 'network', environment: null },
  ],
])('the state of the environment lock %o is read in both forms', (key, subject) => {
  const state = { holder: null, waiting: [], unfinished: false };
  const view: EnvironmentView = { ...state, ...subject, applied: [record] };
  expect(readEnvironmentView({ ...state, ...key, applied: [previousRecord] } as never)).toEqual(view);
  expect(readEnvironmentView(view)).toEqual(view);
});

test.each([
  ['deploy', { service: 'web', environment: 'stack' }, { name: 'web', environment: 'stack' }],
  ['provision', { service: 'network', environment: 'stack' }, { name: 'network', environment: null }],
  ['destroy', { service: 'network', environment: 'stack' }, { name: 'network', environment: null }],
] as const)('the view of a %s is read in both forms', (kind, key, subject) => {
  const at = { seq: 0, at: 1 };
  const counts = { digest: 'd', added: 1, changed: 0, destroyed: 0 };
  const view = {
    workflowId: 'w',
    kind,
    ...subject,
    commit: null,
    events: [
      { ...at, kind: 'nothing_changed', commit: 'c', lastRun: 'w' },
      { ...at, kind: 'applied', revision: 'f00d', ...counts },
    ],
  } as unknown as RunView;
  const previous = {
    workflowId: 'w',
    kind,
    ...key,
    commit: null,
    events: [view.events[0], { ...at, kind: 'applied', commit: 'f00d', ...counts }],
  };
  expect(readRunView(previous as never)).toEqual(view);
  expect(readRunView(view)).toEqual(view);
});

test('the key of a subject has the names that other systems store', () => {
  expect(toEnvironmentKey({ name: 'web', environment: 'production' })).toEqual({
    service: 'web',
    environment: 'production',
  });
  expect(toEnvironmentKey({ name: 'network', environment: null })).toEqual({
    service: 'network',
    environment: 'stack',
  });
  expect(fromEnvironmentKey({ service: 'network', environment: 'stack' })).toEqual({
    name: 'network',
    environment: null,
  });
});
