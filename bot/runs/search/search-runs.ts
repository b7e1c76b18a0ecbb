import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Logger } from '../../../runtime/logger.ts';
import { hasEnded, type RunStatus, runStatuses } from '../../../workflows/contract/run-status.ts';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import { fromEnvironmentKey } from '../../../workflows/contract/target.ts';
import type { RunQueues } from '../../../workflows/contract/task-queues.ts';
import { type ListedRun, toListedRun } from '../../cards/listed-run.ts';
import type { LiveRun } from '../../cards/live-run.ts';
import type { RunRows } from '../../store/run-rows.ts';
import { toExternalEnd } from '../run-types.ts';
import type { RunFilter, RunSearch, RunSearchResult, Runs } from '../types.ts';
import { isActiveStatus, toSearchQuery } from './search-query.ts';

const closedAs: Readonly<Record<string, RunStatus>> = { CANCELLED: 'cancelled', FAILED: 'failed' };

/** A run that is under way says so in its view alone: such a change is not worth an event in its history. */
const statusOf = ({ status, typedSearchAttributes }: WorkflowExecutionInfo): RunStatus => {
  const word = typedSearchAttributes.get(searchAttributes.status);
  const known = runStatuses.find((one) => one === word);
  if (known !== undefined && (hasEnded(known) || status.name === 'RUNNING')) return known;
  return closedAs[status.name] ?? 'running';
};

/** A run as Temporal lists it, with what the bot has seen of it. */
const fromWorkflowInfo = (info: WorkflowExecutionInfo, seen: LiveRun | null): ListedRun => {
  const told = info.typedSearchAttributes;
  const open = info.status.name === 'RUNNING';
  // What was seen is newer than the list while a run is open, and may be older when nobody saw its end.
  if (seen !== null && (open || hasEnded(seen.view.status)))
    return { ...toListedRun(seen), externalEnd: toExternalEnd(info.status.name) };
  return {
    workflowId: info.workflowId,
    ...fromEnvironmentKey({
      service: told.get(searchAttributes.service) ?? info.workflowId,
      environment: told.get(searchAttributes.environment) ?? '',
    }),
    requester: seen?.view.requestedBy.name ?? told.get(searchAttributes.requester) ?? '',
    askedAt: info.startTime.getTime(),
    endedAt: info.closeTime?.getTime() ?? null,
    status: statusOf(info),
    externalEnd: toExternalEnd(info.status.name),
    snapshot: seen,
  };
};

interface SearchDeps {
  readonly client: Client;
  readonly runs: Pick<RunRows, 'list' | 'count' | 'getMany'>;
  readonly queues: RunQueues;
  readonly logger: Logger;
}

const withinMs = 2000;
/** More runs than are ever under way at one time. */
const maxActiveRuns = 500;
/** Temporal lists what has just been started a moment later. */
const visibilityDelayMs = 10_000;

const take = async <T>(from: AsyncIterable<T>, skip: number, most: number): Promise<readonly T[]> => {
  const taken: T[] = [];
  let at = 0;
  for await (const one of from) {
    if (at >= skip) taken.push(one);
    at += 1;
    if (taken.length === most) break;
  }
  return taken;
};

const filterOf = ({ page, pageSize, ...filter }: RunSearch): RunFilter => ({
  ...filter,
  limit: pageSize,
  offset: (page - 1) * pageSize,
});

/** Looks for runs where all of them are: in Temporal's list, with what the bot has seen of each. */
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

  /** Open runs are few, and what they are doing is known here better than in the list. */
  const amongOpen = async (search: RunSearch): Promise<RunSearchResult> => {
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

  const justStarted = async (
    search: RunSearch,
    listed: readonly ListedRun[],
  ): Promise<readonly ListedRun[]> => {
    if (search.page > 1) return [];
    const known = new Set(listed.map(({ workflowId }) => workflowId));
    const since = Math.max(search.since ?? 0, Date.now() - visibilityDelayMs);
    const fresh = await runs.list({ ...filterOf({ ...search, since }), open: true });
    return fresh.map(toListedRun).filter(({ workflowId }) => !known.has(workflowId));
  };

  const inList = async (search: RunSearch): Promise<RunSearchResult> => {
    const { page, pageSize } = search;
    const query = toSearchQuery(search, queues);
    const [{ count }, infos] = await Promise.all([
      client.workflow.count(query),
      take(client.workflow.list({ query, pageSize }), (page - 1) * pageSize, pageSize),
    ]);
    const listed = await hydrate(infos);
    const unlisted = await justStarted(search, listed);
    return {
      runs: [...unlisted, ...listed].slice(0, pageSize),
      total: count + unlisted.length,
      stale: false,
    };
  };

  const asSeen = async (search: RunSearch): Promise<RunSearchResult> => {
    const filter = filterOf(search);
    const [seen, total] = await Promise.all([runs.list(filter), runs.count(filter)]);
    return { runs: seen.map(toListedRun), total, stale: true };
  };

  return async (search) => {
    const ask = isActiveStatus(search.status) ? amongOpen : inList;
    try {
      return await client.withDeadline(Date.now() + withinMs, () => ask(search));
    } catch (error) {
      logger.warn({ error: String(error) }, 'looking for runs: Temporal did not answer');
      return asSeen(search);
    }
  };
};
