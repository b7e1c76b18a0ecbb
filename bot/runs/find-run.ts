import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { deployWorkflowId } from '../../workflows/contract/deploy.ts';
import { provisionWorkflowId } from '../../workflows/contract/provision.ts';
import { UserError } from '../platform/errors.ts';
import type { RunRows } from '../store/run-rows.ts';
import { describeSubject, shortId } from '../text/run-name.ts';
import { isRunType } from './our-runs.ts';

/** The workflow id that a person meant by what they typed; throws `UserError`. */
export type FindRun = (typed: string) => Promise<string>;

const prefix = deployWorkflowId('');
const whole = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const uuidAtEnd = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const beginning = /^[0-9a-f][0-9a-f-]{3,35}$/;
const anyId = /^[\w.:/-]{1,200}$/;
const away = 'Temporal does not answer just now, so the run could not be looked up. Try again in a moment.';
const searchWithinMs = 1000;
const shown = 5;
/** A question about more beginnings than this would be too long; the store knows the others. */
const mostStacks = 40;

const listStarting = async (client: Client, starts: readonly string[]): Promise<readonly string[]> => {
  const query = starts.map((start) => `WorkflowId STARTS_WITH '${start}'`).join(' OR ');
  const found = new Set<string>();
  for await (const { workflowId, type } of client.workflow.list({ query, pageSize: 10 })) {
    if (isRunType(type)) found.add(workflowId);
    if (found.size > shown) break;
  }
  return [...found];
};

/** `stacks`: the names that the ids of provisions begin with. */
export const createFindRun = (
  client: Client,
  runs: RunRows,
  stacks: () => readonly string[] = () => [],
): FindRun => {
  const within = <T>(ask: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + searchWithinMs, ask);

  // The list of workflows lags up to two seconds, so what the bot has seen itself counts too.
  const search = async (uuid: string): Promise<readonly string[]> => {
    const known = stacks().slice(0, mostStacks);
    const starts = [deployWorkflowId(uuid), ...known.map((stack) => provisionWorkflowId(stack, uuid))];
    const [seen, listed] = await Promise.all([
      runs.withUuid(uuid),
      within(() => listStarting(client, starts)).catch(() => null),
    ]);
    if (listed === null && seen.length === 0) throw new UserError(away);
    return [...new Set([...seen, ...(listed ?? [])])];
  };

  /** A run that was started elsewhere may have an id of any kind. */
  const isRun = async (id: string): Promise<boolean> => {
    if ((await runs.get(id)) !== null) return true;
    try {
      const { type } = await within(() => client.workflow.getHandle(id).describe());
      return isRunType(type);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw new UserError(away, { cause: error });
    }
  };

  const choose = async (candidates: readonly string[], typed: string): Promise<string> => {
    const [only] = candidates;
    if (only === undefined) throw new UserError(`There is no run whose id begins with “${typed}”.`);
    if (candidates.length === 1) return only;
    const names = await Promise.all(
      candidates.slice(0, shown).map(async (id) => {
        const run = await runs.get(id);
        const uuid = uuidAtEnd.exec(id)?.[0] ?? id;
        return run === null ? uuid : `${uuid} (${describeSubject(run.view)}, ${run.view.status})`;
      }),
    );
    const more = candidates.length > shown ? ' and more' : '';
    throw new UserError(`“${typed}” could be several runs: ${names.join(', ')}${more}. Type more of the id.`);
  };

  return async (typed) => {
    const id = typed.toLowerCase().replace(/^#/, '');
    const uuid = id.startsWith(prefix) ? id.slice(prefix.length) : id;
    if (id.startsWith(prefix) && whole.test(uuid)) return id;
    if (/^total-build-[\w.:-]{4,200}$/i.test(typed) && !beginning.test(uuid)) return typed;
    if (!beginning.test(uuid)) {
      if (anyId.test(typed) && (await isRun(typed))) return typed;
      throw new UserError(
        `“${shortId(typed.slice(0, 40))}” is not a run's id. Type at least its first four characters, as cards show them.`,
      );
    }
    if (whole.test(uuid)) {
      // A deployment just started is in no list yet.
      const [seen] = await runs.withUuid(uuid);
      if (seen !== undefined) return seen;
      const listed = await search(uuid);
      return listed[0] ?? deployWorkflowId(uuid);
    }
    const found = await search(uuid);
    if (found.length === 0 && anyId.test(typed) && (await isRun(typed))) return typed;
    return choose(found, uuid);
  };
};
