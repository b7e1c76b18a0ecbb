import type { Person } from '../../../workflows/contract/person.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import { infoCard } from '../../cards/notice-cards.ts';
import { runCard, runTitle } from '../../cards/run-card.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import { UserError } from '../../platform/errors.ts';
import type { Invocation, Reply } from '../../platform/platform.ts';
import type { LiveRun } from '../../runs/port.ts';
import { shortId } from '../../text/run-name.ts';
import { describeStatus } from '../../text/run-text.ts';
import type { Command, CommandDeps } from '../command.ts';
import type { CommandSpec } from '../spec.ts';
import { splitFirstWord, usageError } from './args.ts';
import type { AuthorizationResult } from './precheck-decision.ts';
import { type DecisionTransport, type SendResult, sendDecision } from './send-decision.ts';
import { retryWhileUnavailable } from './temporal-retry.ts';

/** What tells one decision from another. */
export interface DecisionKind {
  readonly spec: CommandSpec;
  readonly transport: DecisionTransport;
  readonly reason: 'required' | 'optional' | 'none';
  /** The decision is about a plan, so it names the one that the person saw. */
  readonly requiresPlanDigest: boolean;
  readonly precheck: ((view: RunView, person: Person) => AuthorizationResult) | null;
}

const maxReasonLength = 1000;

const parse = ({ spec, reason }: DecisionKind, text: string): { id: string; said: string } => {
  const { first, rest } = splitFirstWord(text);
  if (first === '') throw usageError(spec, 'Say which run, by the id on its card.');
  if (rest !== '' && reason === 'none') throw usageError(spec, `${spec.name} takes a run's id only.`);
  if (rest === '' && reason === 'required') throw usageError(spec, 'Say why: a denial needs a reason.');
  if (rest.length > maxReasonLength)
    throw usageError(spec, `The reason has ${rest.length} characters; ${maxReasonLength} are the most.`);
  return { id: first, said: rest };
};

export const createDecisionCommand = (deps: CommandDeps, kind: DecisionKind): Command => {
  const { client, store, parts, links, logger, retryBudget: patience } = deps;
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
    if (!kind.requiresPlanDigest) return undefined;
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
    const { precheck: may } = kind;
    if (may === null || last === null || last.view.approval?.digest !== digest) return;
    const verdict = may(last.view, call.actor);
    if (!verdict.allowed) throw await refuse(call, workflowId, verdict.reason);
  };

  const closed = async (workflowId: string): Promise<Reply> => {
    const run = await parts.runs.get(workflowId);
    if (run === null) return toErrorReply(`There is no run ${shortId(workflowId)}.`);
    const card = runCard(run, links);
    return {
      card: { ...card, summary: `Too late to ${spec.name}: ${describeStatus(run)}` },
      outcome: 'refused',
      visibility: 'ephemeral',
      workflowId,
    };
  };

  const reply = async (
    call: Invocation,
    workflowId: string,
    sent: SendResult,
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
          card: infoCard(
            title,
            `Your word (${spec.name}) is with Temporal, and the run has not answered yet. Its card will show whether it counted.`,
          ),
          outcome: 'pending',
          visibility: 'ephemeral',
          workflowId,
        };
      case 'answered': {
        const { message, counted } = sent.answer;
        const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.');
        return {
          card: infoCard(title, sentence, counted ? 'good' : 'neutral'),
          outcome: counted ? 'accepted' : 'unchanged',
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
      const sent = await retryWhileUnavailable(
        patience,
        () => sendDecision(client, kind.transport, workflowId, call.idempotencyKey, request),
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
