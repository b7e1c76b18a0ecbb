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
  test('is the message of its activity', () => {
    expect(describeFailure('build_image', application(failureTypes.imageFailed, details))).toEqual({
      ...details,
      stage: 'build_image',
      type: failureTypes.imageFailed,
      message: 'why',
    });
  });

  test('names a lost worker and a timeout', () => {
    const lost = of(new TimeoutFailure('activity Heartbeat timeout', undefined, 'HEARTBEAT'));
    expect(describeFailure('perform_tests', lost)).toMatchObject({
      type: failureTypes.interrupted,
      message: 'perform_tests: worker connection lost (heartbeat timeout)',
    });
    const slow = of(new TimeoutFailure('activity timeout', undefined, 'START_TO_CLOSE'));
    expect(describeFailure('perform_tests', slow)).toMatchObject({ type: failureTypes.timedOut });
  });

  test('is described for unexpected errors too', () => {
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
  test('is the count of its activity', () => {
    expect(getPartialApply(application(failureTypes.applyFailed, { ...details, applied }))).toEqual(applied);
  });

  test('is null when Terraform never started', () => {
    const none = { ...applied, added: 0, done: 0, total: 0, finished: [] };
    expect(getPartialApply(application(failureTypes.stateLocked, { ...details, applied: none }))).toBeNull();
    expect(getPartialApply(application(failureTypes.planMismatch, details))).toBeNull();
    expect(getPartialApply(application(failureTypes.stalePlan, { ...details, applied }))).toBeNull();
    expect(getPartialApply(new CancelledFailure('before it began'))).toBeNull();
    expect(getPartialApply(of(new CancelledFailure('before it ran Terraform')))).toBeNull();
  });

  test('is unknown after a lost worker, which counts as started', () => {
    const lost = of(new TimeoutFailure('lost', undefined, 'HEARTBEAT'));
    expect(getPartialApply(lost)).toMatchObject({ done: 0, total: 0 });
    expect(getPartialApply(application('Error'))).toMatchObject({ done: 0 });
  });
});
