import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { deployWorkflowId } from '../../workflows/contract/deploy.ts';
import { provisionWorkflowId } from '../../workflows/contract/provision.ts';
import { UserError } from '../platform/errors.ts';
import type { RunRows } from '../store/run-rows.ts';
import { describeSubject, shortId } from '../text/run-name.ts';
import { isRunType } from './run-workflows.ts';

/** Resolves what a person typed to a workflow ID; throws `UserError` for none and for several. */
export type FindRun = (typed: string) => Promise<string>;

const prefix = deployWorkflowId('');
const fullUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const uuidAtEnd = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const uuidStart = /^[0-9a-f][0-9a-f-]{3,35}$/;
const anyId = /^[\w.:/-]{1,200}$/;
const searchTimeoutMs = 1000;
const maxShown = 5;
/** Limits the length of the visibility query. The store knows the runs of other stacks. */
const maxStacks = 40;

const createUnavailableError = (cause?: unknown): UserError =>
  new UserError("Temporal isn't responding, so the run can't be looked up.", {
    hint: 'Try again shortly.',
    cause,
  });

const listStarting = async (client: Client, starts: readonly string[]): Promise<readonly string[]> => {
  const query = starts.map((start) => `WorkflowId STARTS_WITH '${start}'`).join(' OR ');
  const found = new Set<string>();
  for await (const { workflowId, type } of client.workflow.list({ query, pageSize: 10 })) {
    if (isRunType(type)) found.add(workflowId);
    if (found.size > maxShown) break;
  }
  return [...found];
};

/** `stacks`: the names with which the workflow IDs of provisions start. */
export const createFindRun = (
  client: Client,
  runs: RunRows,
  stacks: () => readonly string[] = () => [],
): FindRun => {
  const within = <T>(ask: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + searchTimeoutMs, ask);

  // Temporal's list lags up to two seconds, so the store is searched too.
  const search = async (uuid: string): Promise<readonly string[]> => {
    const known = stacks().slice(0, maxStacks);
    const starts = [deployWorkflowId(uuid), ...known.map((stack) => provisionWorkflowId(stack, uuid))];
    const [stored, listed] = await Promise.all([
      runs.withUuid(uuid),
      within(() => listStarting(client, starts)).catch(() => null),
    ]);
    if (listed === null && stored.length === 0) throw createUnavailableError();
    return [...new Set([...stored, ...(listed ?? [])])];
  };

  /** A run that another client started can have any workflow ID. */
  const isRun = async (id: string): Promise<boolean> => {
    if ((await runs.get(id)) !== null) return true;
    try {
      const { type } = await within(() => client.workflow.getHandle(id).describe());
      return isRunType(type);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw createUnavailableError(error);
    }
  };

  const choose = async (candidates: readonly string[], typed: string): Promise<string> => {
    const [only] = candidates;
    if (only === undefined)
      throw new UserError(`No run ID starts with “${typed}”.`, { hint: 'List the runs with `status`.' });
    if (candidates.length === 1) return only;
    const names = await Promise.all(
      candidates.slice(0, maxShown).map(async (id) => {
        const run = await runs.get(id);
        const uuid = uuidAtEnd.exec(id)?.[0] ?? id;
        return run === null ? uuid : `${uuid} (${describeSubject(run.view)}, ${run.view.status})`;
      }),
    );
    const more = candidates.length > maxShown ? ' and more' : '';
    throw new UserError(`“${typed}” matches several runs: ${names.join(', ')}${more}.`, {
      hint: 'Type more of the ID.',
    });
  };

  return async (typed) => {
    const id = typed.toLowerCase().replace(/^#/, '');
    const uuid = id.startsWith(prefix) ? id.slice(prefix.length) : id;
    if (id.startsWith(prefix) && fullUuid.test(uuid)) return id;
    if (/^total-build-[\w.:-]{4,200}$/i.test(typed) && !uuidStart.test(uuid)) return typed;
    if (!uuidStart.test(uuid)) {
      if (anyId.test(typed) && (await isRun(typed))) return typed;
      throw new UserError(`“${shortId(typed.slice(0, 40))}” is not a run ID.`, {
        hint: 'Type at least its first 4 characters. They are at the bottom of its card.',
      });
    }
    if (fullUuid.test(uuid)) {
      // A deployment that was just started is not listed yet.
      const [stored] = await runs.withUuid(uuid);
      if (stored !== undefined) return stored;
      const listed = await search(uuid);
      return listed[0] ?? deployWorkflowId(uuid);
    }
    const found = await search(uuid);
    if (found.length === 0 && anyId.test(typed) && (await isRun(typed))) return typed;
    return choose(found, uuid);
  };
};
