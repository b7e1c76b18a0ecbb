import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { failureTypes } from '../contract/failure.ts';
import { describeFailure, getFailureDetails, getPartialApply } from './run-stage.ts';

const applied = { added: 1, changed: 0, destroyed: 0, done: 1, total: 3, finished: ['a.b'] };
const details = { hint: 'Free some space.', tail: ['no space left'], log: null };
const of = (cause?: Error) =>
  new ActivityFailure('failed', 'terraform_apply', '1', 'NON_RETRYABLE_FAILURE', 'w', cause);
const application = (type: string, detail?: object) =>
  of(ApplicationFailure.create({ message: 'why', type, details: detail ? [detail] : [] }));

describe('why a stage failed', () => {
  test('is what its activity said', () => {
    expect(describeFailure('build_image', application(failureTypes.imageFailed, details))).toEqual({
      ...details,
      stage: 'build_image',
      type: failureTypes.imageFailed,
      message: 'why',
    });
  });

  test('is in words when a worker was lost or too slow', () => {
    const lost = of(new TimeoutFailure('activity Heartbeat timeout', undefined, 'HEARTBEAT'));
    expect(describeFailure('perform_tests', lost)).toMatchObject({
      type: failureTypes.interrupted,
      message: 'perform_tests: the worker was lost while it was running',
    });
    const slow = of(new TimeoutFailure('activity timeout', undefined, 'START_TO_CLOSE'));
    expect(describeFailure('perform_tests', slow)).toMatchObject({ type: failureTypes.timedOut });
  });

  test('is told even when it is a surprise', () => {
    expect(describeFailure('perform_tests', of())).toMatchObject({
      type: 'Unexpected',
      message: 'failed',
      tail: [],
    });
    expect(getFailureDetails(of(new CancelledFailure('stopped', [details])))).toEqual(details);
    expect(getFailureDetails(of(new CancelledFailure('stopped', ['odd'])))).toEqual({
      hint: null,
      tail: [],
      log: null,
    });
  });
});

describe('what an apply did before it stopped', () => {
  test('is what it counted', () => {
    expect(getPartialApply(application(failureTypes.applyFailed, { ...details, applied }))).toEqual(applied);
  });

  test('is nothing when it says that it had not begun, or was never handed out', () => {
    const none = { ...applied, added: 0, done: 0, total: 0, finished: [] };
    expect(getPartialApply(application(failureTypes.stateLocked, { ...details, applied: none }))).toBeNull();
    expect(getPartialApply(application(failureTypes.planMismatch, details))).toBeNull();
    expect(getPartialApply(application(failureTypes.stalePlan, { ...details, applied }))).toBeNull();
    expect(getPartialApply(new CancelledFailure('before it began'))).toBeNull();
    expect(getPartialApply(of(new CancelledFailure('before it ran Terraform')))).toBeNull();
  });

  test('is unknown when its worker vanished, which counts as begun', () => {
    const lost = of(new TimeoutFailure('lost', undefined, 'HEARTBEAT'));
    expect(getPartialApply(lost)).toMatchObject({ done: 0, total: 0 });
    expect(getPartialApply(application('Error'))).toMatchObject({ done: 0 });
  });
});
