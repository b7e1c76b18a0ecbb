import { DecryptionError } from '../../encryption/decryption-error.ts';
import { runCard } from '../cards/run-card.ts';
import { statusCard } from '../cards/run-list-cards.ts';
import { UserError } from '../platform/errors.ts';
import type { Reply } from '../platform/platform.ts';
import type { LiveRun, Runs } from '../runs/types.ts';
import type { Command, CommandDeps } from './command.ts';
import { parseCommandArgs } from './handling/args.ts';
import { resolveSubject } from './handling/resolve-target.ts';
import type { CommandSpec } from './spec.ts';
import { createStatusSearch, searchOptions } from './status-search.ts';

interface RunOrSnapshot {
  readonly run: LiveRun | null;
  /** Why this is a snapshot, as a sentence; null when Temporal answered. */
  readonly staleReason: string | null;
}

/** Temporal's client wraps the errors of the payload codec. */
const decryptionIn = (error: unknown): DecryptionError | null => {
  if (error instanceof DecryptionError) return error;
  return error instanceof Error && error.cause !== undefined ? decryptionIn(error.cause) : null;
};

const explainSnapshot = (error: unknown, snapshot: LiveRun | null): string => {
  const shown = snapshot === null ? 'No earlier state is known.' : 'Showing the last known state.';
  const locked = decryptionIn(error);
  return locked === null
    ? `Temporal isn't responding. ${shown}`
    : `Can't read this run: ${locked.message}. ${shown}`;
};

/** The run as Temporal holds it, or else the last snapshot and the reason. */
const loadRunOrSnapshot = async (runs: Runs, workflowId: string): Promise<RunOrSnapshot> => {
  try {
    return { run: await runs.get(workflowId), staleReason: null };
  } catch (error) {
    const run = await runs.snapshot(workflowId);
    return { run, staleReason: explainSnapshot(error, run) };
  }
};

export const statusSpec: CommandSpec = {
  name: 'status',
  usage:
    '[<id> | <service or stack>] [--status <status>] [--environment <name>] [--by <email or me>] [--since <time>] [--until <time>] [--page <n>]',
  description: 'show one run, search runs, or list active runs and your pending approvals',
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
    if (run === null) throw new UserError(unread ?? `Run “${typed.slice(0, 60)}” not found.`);
    const card = runCard(run, links);
    const seenLast = unread === null ? [] : [{ type: 'text', text: unread } as const];
    return asker({ ...card, sections: [...seenLast, ...card.sections] }, workflowId);
  };

  /** A run that was started outside Quarterdeck can have any ID. */
  const ofOtherId = async (typed: string): Promise<Reply | null> => {
    const workflowId = await parts.findRun(typed).catch((error: unknown) => {
      if (error instanceof UserError) return null;
      throw error;
    });
    return workflowId === null ? null : ofRun(workflowId);
  };

  const overview = async (call: Parameters<Command['run']>[0]): Promise<Reply> => {
    const waiting = await store.runs.waitingFor(call.actor, shown);
    const others = await store.runs.openForOthers(call.actor, Math.max(1, shown - waiting.runs.length));
    const [forYou, running] = await Promise.all([
      parts.refreshRuns(waiting.runs),
      parts.refreshRuns(others.runs),
    ]);
    const idle = waiting.total + others.total === 0;
    const ended = idle ? await store.runs.list({ limit: shownWhenIdle }) : [];
    const groups = [
      { title: 'Waiting for your approval', runs: forYou, total: waiting.total },
      { title: 'Active', runs: running, total: others.total },
      { title: 'No active runs. Latest', runs: ended, total: ended.length },
    ];
    return asker(statusCard('Deployments', groups, 'No active runs and no pending approvals.'));
  };

  /** A service that was removed from the catalog is still found by its runs. */
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
