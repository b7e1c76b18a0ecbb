import { DecryptionError } from '../../encryption/decryption-error.ts';
import { runCard } from '../cards/run-card.ts';
import { statusCard } from '../cards/run-list-cards.ts';
import { UserError } from '../platform/errors.ts';
import type { Reply } from '../platform/platform.ts';
import type { LiveRun, Runs } from '../runs/port.ts';
import type { Command, CommandDeps } from './command.ts';
import { parseCommandArgs } from './handling/args.ts';
import { resolveSubject } from './handling/resolve-target.ts';
import type { CommandSpec } from './spec.ts';
import { createStatusSearch, searchOptions } from './status-search.ts';

interface RunOrSnapshot {
  readonly run: LiveRun | null;
  /** Why the run is not as Temporal holds it now, in words; null when it is. */
  readonly staleReason: string | null;
}

/** What cannot be decrypted is wrapped by whoever tried to read it. */
const decryptionIn = (error: unknown): DecryptionError | null => {
  if (error instanceof DecryptionError) return error;
  return error instanceof Error && error.cause !== undefined ? decryptionIn(error.cause) : null;
};

const inWords = (error: unknown, seen: LiveRun | null): string => {
  const shown = seen === null ? 'It was not seen before.' : 'This is what was seen last.';
  const locked = decryptionIn(error);
  return locked === null
    ? `Temporal, or its worker, does not answer just now. ${shown}`
    : `This run cannot be read: ${locked.message}. ${shown}`;
};

/** A run as Temporal holds it, or else as it was seen last, with the reason. */
export const loadRunOrSnapshot = async (runs: Runs, workflowId: string): Promise<RunOrSnapshot> => {
  try {
    return { run: await runs.get(workflowId), staleReason: null };
  } catch (error) {
    const run = await runs.snapshot(workflowId);
    return { run, staleReason: inWords(error, run) };
  }
};

export const statusSpec: CommandSpec = {
  name: 'status',
  usage:
    '[<id> | <service or stack>] [--status <status>] [--environment <name>] [--by <e-mail or me>] [--since <time>] [--until <time>] [--page <n>]',
  description: 'one run, the runs that fit, or the running ones and those that wait for you',
  example: 'web --status failed --since 7d',
};

const shown = 10;
const shownWhenIdle = 3;

export const createStatus = (deps: CommandDeps): Command => {
  const { parts, store, links, getCatalogSummary: outline } = deps;
  const search = createStatusSearch(deps, statusSpec);
  const asker = (card: Reply['card'], workflowId?: string): Reply => ({
    card,
    outcome: 'listing',
    visibility: 'ephemeral',
    ...(workflowId === undefined ? {} : { workflowId }),
  });

  const ofRun = async (typed: string): Promise<Reply> => {
    const workflowId = await parts.findRun(typed);
    const { run, staleReason: unread } = await loadRunOrSnapshot(parts.runs, workflowId);
    if (run === null) throw new UserError(unread ?? `There is no run “${typed.slice(0, 60)}”.`);
    const card = runCard(run, links);
    const seenLast = unread === null ? [] : [{ type: 'text', text: unread } as const];
    return asker({ ...card, sections: [...seenLast, ...card.sections] }, workflowId);
  };

  /** A run that was not started from here has an id of its own. */
  const ofOtherId = async (typed: string): Promise<Reply | null> => {
    const workflowId = await parts.findRun(typed).catch((error: unknown) => {
      if (error instanceof UserError) return null;
      throw error;
    });
    return workflowId === null ? null : ofRun(workflowId);
  };

  const overview = async (call: Parameters<Command['run']>[0]): Promise<Reply> => {
    const waiting = await store.runs.waitingFor(call.actor.id, shown);
    const others = await store.runs.openBesides(call.actor.id, Math.max(1, shown - waiting.runs.length));
    const [forYou, running] = await Promise.all([parts.freshen(waiting.runs), parts.freshen(others.runs)]);
    const idle = waiting.total + others.total === 0;
    const ended = idle ? await store.runs.list({ limit: shownWhenIdle }) : [];
    const groups = [
      { title: 'Waiting for you', runs: forYou, total: waiting.total },
      { title: 'Open', runs: running, total: others.total },
      { title: 'Nothing is running. The newest', runs: ended, total: ended.length },
    ];
    return asker(statusCard('Deployments', groups, 'Nothing is running, and nothing waits for you.'));
  };

  /** A service that has left the catalog is known by its runs. */
  const subjectOf = async (typed: string): Promise<string | null> => {
    const { services = [], stacks = [] } = outline() ?? {};
    const known = [...services.map(({ name }) => name), ...stacks];
    const named = known.find((name) => name.toLowerCase() === typed.toLowerCase());
    if (named !== undefined) return named;
    return (await store.runs.list({ service: typed, limit: 1 })).length > 0 ? typed : null;
  };

  return {
    ...statusSpec,
    run: async (call, text) => {
      const { positionals, values } = parseCommandArgs(statusSpec, text, 1, searchOptions);
      const [typed] = positionals;
      const isNarrowed = Object.keys(values).length > 0;
      if (typed === undefined) return isNarrowed ? search(call, values, null) : overview(call);
      const subject = await subjectOf(typed);
      if (subject !== null || isNarrowed)
        return search(call, values, subject ?? resolveSubject(statusSpec, outline, typed));
      if (/^#?(total-build-)?[0-9a-f]{4}/i.test(typed)) return ofRun(typed);
      return (await ofOtherId(typed)) ?? search(call, values, resolveSubject(statusSpec, outline, typed));
    },
  };
};
