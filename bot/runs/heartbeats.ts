import { createHash } from 'node:crypto';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { StageProgress } from '../../workflows/contract/activities.ts';
import { deployStages, provisionStages, type StageName } from '../../workflows/contract/stage.ts';
import type { LiveRun } from './types.ts';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

const stageNames: readonly StageName[] = [...deployStages, ...provisionStages];

const toStageName = (pending: Pending): StageName | null =>
  stageNames.find((name) => name === pending.activityType?.name) ?? null;

const toPayload = (pending: Pending): Payload | null => pending.heartbeatDetails?.payloads?.[0] ?? null;

const isCount = (value: unknown): value is number | null => value === null || typeof value === 'number';

const isProgress = (value: unknown): value is StageProgress => {
  if (typeof value !== 'object' || value === null) return false;
  const { done, total, lines } = value as Partial<StageProgress>;
  return isCount(done) && isCount(total) && Array.isArray(lines);
};

/** The last heartbeat of each running stage. */
export const readHeartbeats = async (
  client: Client,
  description: WorkflowExecutionDescription,
): Promise<LiveRun['live']> => {
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  const live: Partial<Record<StageName, StageProgress>> = {};
  for (const pending of description.raw.pendingActivities ?? []) {
    const stage = toStageName(pending);
    let payload = toPayload(pending);
    if (stage === null || payload === null) continue;
    for (const codec of payloadCodecs.toReversed()) payload = (await codec.decode([payload]))[0] ?? payload;
    const progress: unknown = payloadConverter.fromPayload(payload);
    if (isProgress(progress)) live[stage] = progress;
  }
  return live;
};

/** Changes whenever a card may have something new to show. */
export const fingerprint = (description: WorkflowExecutionDescription): string => {
  const hash = createHash('sha256');
  hash.update(`${description.runId} ${description.status.name} ${description.historyLength}`);
  for (const pending of description.raw.pendingActivities ?? []) {
    hash.update(`${pending.activityId} ${pending.attempt}`);
    // For a heartbeat without details Temporal's client returns an array instead of bytes.
    hash.update(Buffer.from(toPayload(pending)?.data ?? []));
  }
  return hash.digest('hex');
};
