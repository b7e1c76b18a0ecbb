import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Logger } from '../../../runtime/logger.ts';
import { hasEnded, type RunStatus, runStatuses } from '../../../workflows/contract/run-status.ts';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import { fromEnvironmentKey } from '../../../workflows/contract/target.ts';
import type { RunQueues } from '../../../workflows/contract/task-queues.ts';
import type { LiveRun } from '../../cards/listed-run.ts';
import { type ListedRun, toListedRun } from '../../cards/listed-run.ts';
import type { RunRows } from '../../store/run-rows.ts';
import { toExternalEnd } from '../run-workflows.ts';
import type { RunAttribute, RunFilter, RunSearch, RunSearchResult, Runs } from '../types.ts';
import { isActiveStatus, toSearchQuery } from './search-query.ts';

const closedAs: Readonly<Record<string, RunStatus>> = { CANCELLED: 'cancelled', FAILED: 'failed' };

/** The search attribute only holds final statuses and `awaiting_approval`; a view has the others. */
const toStatus = ({ status, typedSearchAttributes }: WorkflowExecutionInfo): RunStatus => {
  const value = typedSearchAttributes.get(searchAttributes.status);
  const known = runStatuses.find((status) => status === value);
  if (known !== undefined && (hasEnded(known) || status.name === 'RUNNING')) return known;
  return closedAs[status.name] ?? 'running';
};

/** A run as Temporal lists it, completed from its snapshot. */
const fromWorkflowInfo = (info: WorkflowExecutionInfo, snapshot: LiveRun | null): ListedRun => {
  const attributes = info.typedSearchAttributes;
  const open = info.status.name === 'RUNNING';
  // The snapshot of an open run is newer than Temporal's list. That of a closed run may lack its end.
  if (snapshot !== null && (open || hasEnded(snapshot.view.status)))
    return { ...toListedRun(snapshot), externalEnd: toExternalEnd(info.status.name) };
  return {
    workflowId: info.workflowId,
    ...fromEnvironmentKey({
      service: attributes.get(searchAttributes.service) ?? info.workflowId,
      environment: attributes.get(searchAttributes.environment) ?? '',
    }),
    requester: snapshot?.view.requestedBy.name ?? attributes.get(searchAttributes.requester) ?? '',
    askedAt: info.startTime.getTime(),
    endedAt: info.closeTime?.getTime() ?? null,
    status: toStatus(info),
    externalEnd: toExternalEnd(info.status.name),
    snapshot,
  };
};

interface SearchDeps {
  readonly client: Client;
  readonly runs: Pick<RunRows, 'list' | 'count' | 'getMany'>;
  readonly queues: RunQueues;
  readonly logger: Logger;
}

const searchTimeoutMs = 2000;
const attributesTimeoutMs = 1000;
/** More runs than are ever active at the same time. */
const maxActiveRuns = 500;
/** How long a new run may be missing from Temporal's list. */
const visibilityDelayMs = 10_000;

const take = async <T>(from: AsyncIterable<T>, skip: number, limit: number): Promise<readonly T[]> => {
  const taken: T[] = [];
  let at = 0;
  for await (const one of from) {
    if (at >= skip) taken.push(one);
    at += 1;
    if (taken.length === limit) break;
  }
  return taken;
};

const toFilter = ({ page, pageSize, ...filter }: RunSearch): RunFilter => ({
  ...filter,
  limit: pageSize,
  offset: (page - 1) * pageSize,
});

/** Searches Temporal's list, which has every run, and completes each run from its snapshot. */
export const createSearch = ({ client, runs, queues, logger }: SearchDeps): Runs['search'] => {
  const hydrate = async (infos: readonly WorkflowExecutionInfo[]): Promise<readonly ListedRun[]> => {
    const seen = new Map(
      (await runs.getMany(infos.map(({ workflowId }) => workflowId))).map((run) => [
        run.view.workflowId,
        run,
      ]),
    );
    return infos.map((info) => fromWorkflowInfo(info, seen.get(info.workflowId) ?? null));
  };

  /** Open runs are few, and their snapshots know their status better than Temporal's list. */
  const searchOpen = async (search: RunSearch): Promise<RunSearchResult> => {
    const { page, pageSize, status } = search;
    const list = client.workflow.list({ query: toSearchQuery(search, queues), pageSize: 200 });
    const all = await hydrate(await take(list, 0, maxActiveRuns));
    const found = all.filter((run) => run.status === status);
    return {
      runs: found.slice((page - 1) * pageSize, page * pageSize),
      total: found.length,
      stale: false,
    };
  };

  const listJustStarted = async (
    search: RunSearch,
    listed: readonly ListedRun[],
  ): Promise<readonly ListedRun[]> => {
    if (search.page > 1) return [];
    const known = new Set(listed.map(({ workflowId }) => workflowId));
    const since = Math.max(search.since ?? 0, Date.now() - visibilityDelayMs);
    const fresh = await runs.list({ ...toFilter({ ...search, since }), open: true });
    return fresh.map(toListedRun).filter(({ workflowId }) => !known.has(workflowId));
  };

  const searchList = async (search: RunSearch): Promise<RunSearchResult> => {
    const { page, pageSize } = search;
    const query = toSearchQuery(search, queues);
    const [{ count }, infos] = await Promise.all([
      client.workflow.count(query),
      take(client.workflow.list({ query, pageSize }), (page - 1) * pageSize, pageSize),
    ]);
    const listed = await hydrate(infos);
    const unlisted = await listJustStarted(search, listed);
    return {
      runs: [...unlisted, ...listed].slice(0, pageSize),
      total: count + unlisted.length,
      stale: false,
    };
  };

  const searchSnapshots = async (search: RunSearch): Promise<RunSearchResult> => {
    const filter = toFilter(search);
    const [seen, total] = await Promise.all([runs.list(filter), runs.count(filter)]);
    return { runs: seen.map(toListedRun), total, stale: true };
  };

  return async (search) => {
    const find = isActiveStatus(search.status) ? searchOpen : searchList;
    try {
      return await client.withDeadline(Date.now() + searchTimeoutMs, () => find(search));
    } catch (err) {
      logger.warn({ err }, 'searching runs: Temporal did not answer; showing the stored snapshots');
      return searchSnapshots(search);
    }
  };
};

/** The search attributes of a run. Rejects when Temporal does not answer. */
export const getRunAttributes = async (
  client: Client,
  workflowId: string,
): Promise<readonly RunAttribute[]> => {
  const { typedSearchAttributes } = await client.withDeadline(Date.now() + attributesTimeoutMs, () =>
    client.workflow.getHandle(workflowId).describe(),
  );
  return Object.values(searchAttributes).flatMap((key) => {
    const value = typedSearchAttributes.get(key);
    return value === undefined ? [] : [{ name: key.name, value }];
  });
};
