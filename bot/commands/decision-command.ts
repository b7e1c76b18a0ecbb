import type { Person } from '../../workflows/contract/person.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { Allowed } from '../authorise.ts';
import { errorCard, noteCard } from '../cards/error-card.ts';
import { runCard, runTitle } from '../cards/run-card.ts';
import { statusInWords } from '../cards/run-words.ts';
import { shortId } from '../cards/short-id.ts';
import { UserError } from '../platform/errors.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import type { LiveRun } from '../runs/port.ts';
import type { Command, CommandDeps } from './command.ts';
import { type DecisionWay, type Sent, sendDecision } from './decide.ts';
import type { CommandSpec } from './spec.ts';
import { keepTrying } from './temporal-answer.ts';
import { splitFirst, usageError } from './words.ts';

/** What tells one decision from another. */
export interface DecisionKind {
  readonly spec: CommandSpec;
  readonly way: DecisionWay;
  readonly reason: 'required' | 'optional' | 'none';
  /** The decision is about a plan, so it names the one that the person saw. */
  readonly namesPlan: boolean;
  readonly may: ((view: RunView, person: Person) => Allowed) | null;
}

const longestReason = 1000;

const parse = ({ spec, reason }: DecisionKind, text: string): { id: string; said: string } => {
  const { first, rest } = splitFirst(text);
  if (first === '') throw usageError(spec, 'Say which run, by the id on its card.');
  if (rest !== '' && reason === 'none') throw usageError(spec, `${spec.name} takes a run's id only.`);
  if (rest === '' && reason === 'required') throw usageError(spec, 'Say why: a denial needs a reason.');
  if (rest.length > longestReason)
    throw usageError(spec, `The reason has ${rest.length} characters; ${longestReason} are the most.`);
  return { id: first, said: rest };
};

export const createDecisionCommand = (deps: CommandDeps, kind: DecisionKind): Command => {
  const { client, store, parts, links, logger, patience } = deps;
  const { spec } = kind;

  const audit = (call: Invocation, workflowId: string, why: string) =>
    store.audit.append([
      {
        at: Date.now(),
        workflowId,
        seq: null,
        kind: 'refused',
        by: call.actor.id,
        details: { command: spec.name, why, digest: call.digest ?? null },
      },
    ]);

  const refuse = async (call: Invocation, workflowId: string, why: string): Promise<UserError> => {
    await audit(call, workflowId, why);
    return new UserError(why);
  };

  /** A typed decision is about the plan that stands now; a clicked one about the plan on the card. */
  const digestFor = async (call: Invocation, workflowId: string): Promise<string | undefined> => {
    if (!kind.namesPlan) return undefined;
    if (call.digest !== undefined) return call.digest;
    const run = await parts.runs.get(workflowId);
    if (run === null) throw new UserError(`There is no run ${shortId(workflowId)}.`);
    return run.view.approval?.digest ?? run.view.plan?.digest;
  };

  /** What was seen last is enough for a quick no: who may approve does not change within one question. */
  const checkQuickly = async (
    call: Invocation,
    workflowId: string,
    last: LiveRun | null,
    digest?: string,
  ) => {
    const { may } = kind;
    if (may === null || last === null || last.view.approval?.digest !== digest) return;
    const verdict = may(last.view, call.actor);
    if (!verdict.allowed) throw await refuse(call, workflowId, verdict.reason);
  };

  const closed = async (workflowId: string): Promise<Reply> => {
    const run = await parts.runs.get(workflowId);
    if (run === null)
      return { card: errorCard(`There is no run ${shortId(workflowId)}.`), visibility: 'ephemeral' };
    const card = runCard(run, links);
    return {
      card: { ...card, summary: `Too late to ${spec.name}: ${statusInWords(run)}` },
      visibility: 'ephemeral',
      workflowId,
    };
  };

  const reply = async (
    call: Invocation,
    workflowId: string,
    sent: Sent,
    last: LiveRun | null,
  ): Promise<Reply> => {
    const title = last === null ? shortId(workflowId) : runTitle(last.view);
    switch (sent.kind) {
      case 'closed':
        return closed(workflowId);
      case 'refused':
        throw await refuse(call, workflowId, sent.why);
      case 'pending':
        return {
          card: noteCard(
            title,
            `Your word (${spec.name}) is with Temporal, and the run has not answered yet. Its card will show whether it counted.`,
          ),
          visibility: 'ephemeral',
          workflowId,
        };
      case 'answered': {
        const { message, counted } = sent.answer;
        const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.');
        return {
          card: noteCard(title, sentence, counted ? 'good' : 'neutral'),
          visibility: 'ephemeral',
          workflowId,
        };
      }
      default:
        return sent satisfies never;
    }
  };

  return {
    ...spec,
    run: async (call, text) => {
      const { id, said } = parse(kind, text);
      const workflowId = await parts.findRun(id);
      const [digest, last] = await Promise.all([digestFor(call, workflowId), store.runs.get(workflowId)]);
      await checkQuickly(call, workflowId, last, digest);
      const request = {
        by: call.actor,
        ...(said === '' ? {} : { reason: said }),
        ...(digest === undefined ? {} : { planDigest: digest }),
      };
      const sent = await keepTrying(
        patience,
        () => sendDecision(client, kind.way, workflowId, call.idempotencyKey, request),
        `your word (${spec.name}) arrived`,
      );
      parts.follower.follow(workflowId);
      if (sent.kind === 'answered')
        parts.publish(workflowId).catch((error: unknown) => {
          logger.warn({ workflowId, error: String(error) }, 'showing a decision; it is tried again');
        });
      return reply(call, workflowId, sent, last);
    },
  };
};
