import { ApplicationFailure } from '@temporalio/common';
import { isCancellation, proxyActivities, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type {
  ChatActivities,
  DriftActivities,
  EnvironmentActivities,
  ProvisionActivities,
} from './contract/activities.ts';
import type { DriftInput, DriftResult, LastDriftReport } from './contract/drift.ts';
import { searchAttributes } from './contract/search-attributes.ts';
import { readTarget } from './contract/stored-views.ts';
import { type StackTarget, toEnvironmentKey, toSubject } from './contract/target.ts';
import { decideReport, type Observation, readLastDriftReport } from './drift/drift-change.ts';
import type { Registered } from './registered-activities.ts';
import { parseText } from './run/parse-client-input.ts';
import { createProxies } from './run/proxies.ts';
import { getFailureMessage } from './run/run-stage.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** The activities of a comparison. */
const createDriftActivities = (timeouts: WorkflowTimeouts) => {
  const { process, read, local } = createProxies(timeouts);
  const chat = proxyActivities<Registered<ChatActivities>>({
    taskQueue: timeouts.chatQueue(),
    startToCloseTimeout: '1 minute',
    // By then there is something newer to tell: the next comparison says how things stand.
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

type DriftProxies = ReturnType<typeof createDriftActivities>;

const parseStack = (value: unknown): string => {
  const stack = parseText((value as Partial<DriftInput> | null)?.stack);
  if (stack) return stack;
  throw ApplicationFailure.nonRetryable('looking for drift: the input must be {stack}', 'BadInput');
};

const holderOf = async (activities: DriftProxies, stack: string): Promise<string | null> => {
  const holders = await activities.find_holders(toEnvironmentKey({ name: stack, environment: null }));
  return holders[0] ?? null;
};

/** A run at work changes what is compared; `busy` names it. */
const look = async (
  activities: DriftProxies,
  target: StackTarget,
): Promise<Observation | { busy: string }> => {
  const { workflowId } = workflowInfo();
  const before = await holderOf(activities, target.name);
  if (before) return { busy: before };
  const seen = await activities
    .look_for_drift({ workflowId, target })
    .catch((error: unknown): Observation => {
      if (isCancellation(error)) throw error;
      return { kind: 'failed', ...getFailureMessage(error) };
    });
  const after = await holderOf(activities, target.name);
  return after ? { busy: after } : seen;
};

const inWords = (seen: Observation): string => {
  if (seen.kind === 'failed') return seen.message;
  return seen.kind === 'drifted'
    ? 'what is there is not what the code says'
    : 'everything is as the code says';
};

/** Makes the workflow `drift`: compares a stack with what is there, and tells what is new. */
export const createDrift =
  (timeouts: WorkflowTimeouts) =>
  async (input: DriftInput): Promise<DriftResult> => {
    const stack = parseStack(input);
    const memory = readLastDriftReport();
    const activities = createDriftActivities(timeouts);
    const ends = (outcome: DriftResult['outcome'], detail: string, left: LastDriftReport): DriftResult => {
      upsertSearchAttributes([{ key: searchAttributes.status, value: outcome }]);
      return { stack, outcome, detail, memory: left };
    };

    const target = readTarget(await activities.resolve_stack({ stack }));
    const { service, environment } = toEnvironmentKey(toSubject(target));
    upsertSearchAttributes([
      { key: searchAttributes.directory, value: target.directory },
      { key: searchAttributes.service, value: service },
      { key: searchAttributes.environment, value: environment },
    ]);
    const seen = await look(activities, target);
    if ('busy' in seen) return ends('skipped', `${seen.busy} is at work on the stack`, memory);

    const { news, known } = decideReport(memory, seen);
    if (news === null) return ends(seen.kind, inWords(seen), { ...known, untold: null });
    const { workflowId } = workflowInfo();
    const key = memory.untold ?? workflowId;
    const report = { key, workflowId, stack, at: Date.now(), audiences: target.notify, news };
    const told = await activities.report_drift(report).then(
      () => true,
      (error: unknown) => {
        if (isCancellation(error)) throw error;
        return false;
      },
    );
    const left = told ? { ...known, untold: null } : { ...memory, untold: key };
    return ends(seen.kind, told ? inWords(seen) : `${inWords(seen)}; nobody could be told yet`, left);
  };
