import { ApplicationFailure } from '@temporalio/common';
import { isCancellation, proxyActivities, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type {
  ChatActivities,
  DriftActivities,
  EnvironmentActivities,
  ProvisionActivities,
} from './contract/activities.ts';
import type { DriftInput, DriftReport, DriftResult, LastDriftReport } from './contract/drift.ts';
import { failureTypes } from './contract/failure.ts';
import { searchAttributes } from './contract/search-attributes.ts';
import { readTarget } from './contract/stored-views.ts';
import { type StackTarget, toEnvironmentKey, toSubject } from './contract/target.ts';
import {
  decideReport,
  describeObservation,
  type Observation,
  readLastDriftReport,
} from './drift/drift-change.ts';
import type { Registered } from './registered-activities.ts';
import { parseText } from './run/parse-client-input.ts';
import { createProxies } from './run/proxies.ts';
import { getFailureMessage } from './run/run-stage.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Creates the workflow `drift`: compares a stack's code with its infrastructure, and reports each change once. */
export const createDrift =
  (timeouts: WorkflowTimeouts) =>
  async (input: DriftInput): Promise<DriftResult> => {
    const stack = parseStack(input);
    const lastReport = readLastDriftReport(workflowInfo().lastResult);
    const activities = createDriftActivities(timeouts);
    const finish = (
      outcome: DriftResult['outcome'],
      detail: string,
      memory: LastDriftReport,
    ): DriftResult => {
      upsertSearchAttributes([{ key: searchAttributes.status, value: outcome }]);
      return { stack, outcome, detail, memory };
    };

    const target = readTarget(await activities.resolve_stack({ stack }));
    const { service, environment } = toEnvironmentKey(toSubject(target));
    upsertSearchAttributes([
      { key: searchAttributes.directory, value: target.directory },
      { key: searchAttributes.service, value: service },
      { key: searchAttributes.environment, value: environment },
    ]);
    const observation = await checkDrift(activities, target);
    if ('holder' in observation)
      return finish('skipped', `run ${observation.holder} holds the stack's lock`, lastReport);

    const { change, reported } = decideReport(lastReport, observation);
    const detail = describeObservation(observation);
    if (change === null) return finish(observation.kind, detail, { ...reported, untold: null });
    const { workflowId } = workflowInfo();
    const key = lastReport.untold ?? workflowId;
    const report = { key, workflowId, stack, at: Date.now(), audiences: target.notify, news: change };
    if (await deliver(activities, report))
      return finish(observation.kind, detail, { ...reported, untold: null });
    return finish(
      observation.kind,
      `${detail}; the report did not reach every conversation, and the next check sends it again`,
      { ...lastReport, untold: key },
    );
  };

const parseStack = (value: unknown): string => {
  const stack = parseText((value as Partial<DriftInput> | null)?.stack);
  if (stack) return stack;
  throw ApplicationFailure.nonRetryable(
    'invalid input for a drift check; expected {stack: "<name>"}',
    failureTypes.badInput,
  );
};

/** A run that holds the lock changes what the check compares, so the check returns that run instead. */
const checkDrift = async (
  activities: DriftProxies,
  target: StackTarget,
): Promise<Observation | { readonly holder: string }> => {
  const { workflowId } = workflowInfo();
  const holderBefore = await getLockHolder(activities, target.name);
  if (holderBefore) return { holder: holderBefore };
  const observation = await activities
    .look_for_drift({ workflowId, target })
    .catch((error: unknown): Observation => {
      if (isCancellation(error)) throw error;
      return { kind: 'failed', ...getFailureMessage(error) };
    });
  const holderAfter = await getLockHolder(activities, target.name);
  return holderAfter ? { holder: holderAfter } : observation;
};

const getLockHolder = async (activities: DriftProxies, stack: string): Promise<string | null> => {
  const holders = await activities.find_holders(toEnvironmentKey({ name: stack, environment: null }));
  return holders[0] ?? null;
};

/** Returns false when a chat was unavailable for the whole retry period. */
const deliver = (activities: DriftProxies, report: DriftReport): Promise<boolean> =>
  activities.report_drift(report).then(
    () => true,
    (error: unknown) => {
      if (isCancellation(error)) throw error;
      return false;
    },
  );

type DriftProxies = ReturnType<typeof createDriftActivities>;

const createDriftActivities = (timeouts: WorkflowTimeouts) => {
  const { process, read, local } = createProxies(timeouts);
  const chat = proxyActivities<Registered<ChatActivities>>({
    taskQueue: timeouts.chatQueue(),
    startToCloseTimeout: '1 minute',
    // Later retries would report an outdated state; the next check reports the current one.
    scheduleToCloseTimeout: timeouts.driftReportTimeoutMs,
    retry: { initialInterval: timeouts.retryIntervalMs, maximumInterval: '1 minute' },
  });
  return {
    resolve_stack: local<ProvisionActivities>().resolve_stack,
    find_holders: read<EnvironmentActivities>().find_holders,
    look_for_drift: process<DriftActivities>('15 minutes', 3).look_for_drift,
    report_drift: chat.report_drift,
  };
};
