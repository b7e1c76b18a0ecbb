import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { deployWorkflowId, deployWorkflowType } from '../../workflows/contract/deploy.ts';
import { shortId } from '../cards/short-id.ts';
import { UserError } from '../errors.ts';
import type { RunRows } from '../store/run-rows.ts';

/** The workflow id that a person meant by what they typed; throws `UserError`. */
export type FindRun = (typed: string) => Promise<string>;

const prefix = deployWorkflowId('');
const whole = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const beginning = /^[0-9a-f][0-9a-f-]{3,35}$/;
const anyId = /^[\w.:/-]{1,200}$/;
const away = 'Temporal does not answer just now, so the run could not be looked up. Try again in a moment.';
const searchWithinMs = 1000;
const shown = 5;

const listStarting = async (client: Client, start: string): Promise<readonly string[]> => {
  const query = `WorkflowType = 'deploy' AND WorkflowId STARTS_WITH '${start}'`;
  const found = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 10 })) {
    found.add(workflowId);
    if (found.size > shown) break;
  }
  return [...found];
};

export const createFindRun = (client: Client, runs: RunRows): FindRun => {
  // The list of workflows lags up to two seconds, so what the bot has seen itself counts too.
  const search = async (start: string): Promise<readonly string[]> => {
    const [seen, listed] = await Promise.all([
      runs.startingWith(start),
      client.withDeadline(Date.now() + searchWithinMs, () => listStarting(client, start)).catch(() => null),
    ]);
    if (listed === null && seen.length === 0) throw new UserError(away);
    return [...new Set([...seen, ...(listed ?? [])])];
  };

  /** A run that was started elsewhere may have an id of any kind. */
  const isDeployment = async (id: string): Promise<boolean> => {
    if ((await runs.get(id)) !== null) return true;
    try {
      const describe = () => client.workflow.getHandle(id).describe();
      const { type } = await client.withDeadline(Date.now() + searchWithinMs, describe);
      return type === deployWorkflowType;
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
        const uuid = id.slice(prefix.length);
        return run === null
          ? uuid
          : `${uuid} (${run.view.service} ${run.view.environment}, ${run.view.status})`;
      }),
    );
    const more = candidates.length > shown ? ' and more' : '';
    throw new UserError(`“${typed}” could be several runs: ${names.join(', ')}${more}. Type more of the id.`);
  };

  return async (typed) => {
    const id = typed.toLowerCase().replace(/^#/, '');
    const uuid = id.startsWith(prefix) ? id.slice(prefix.length) : id;
    if (whole.test(uuid)) return deployWorkflowId(uuid);
    if (/^total-build-[\w.:-]{4,200}$/i.test(typed) && !beginning.test(uuid)) return typed;
    if (!beginning.test(uuid)) {
      if (anyId.test(typed) && (await isDeployment(typed))) return typed;
      throw new UserError(
        `“${shortId(typed.slice(0, 40))}” is not a run's id. Type at least its first four characters, as cards show them.`,
      );
    }
    const found = await search(deployWorkflowId(uuid));
    if (found.length === 0 && anyId.test(typed) && (await isDeployment(typed))) return typed;
    return choose(found, uuid);
  };
};
