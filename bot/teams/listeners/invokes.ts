import type { Activity, InvokeResponse } from 'botbuilder';
import pTimeout from 'p-timeout';
import { z } from 'zod';
import type { Person } from '../../../workflows/contract/person.ts';
import type { Button } from '../../cards/card.ts';
import type { LiveRun } from '../../cards/listed-run.ts';
import type { CardLinks } from '../../cards/run-buttons.ts';
import { runCard } from '../../cards/run-card.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import { UserError } from '../../platform/errors.ts';
import type { Reply } from '../../platform/platform.ts';
import { isOver } from '../../text/run-text.ts';
import { missingReason, type ParsedCommand, parseActionData, unknownAction } from '../render/action-data.ts';
import { isRestricted, renderCard } from '../render/card.ts';
import { type ListenerDeps, toCommandRequest } from './invocation.ts';

// The answers to an Action.Execute:
// https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
const toResponse = (status: number, type: string, value: unknown): InvokeResponse => ({
  status,
  body: { statusCode: status, type, value },
});

/** A text next to the card, which stays as it is. */
const toMessageResponse = (text: string): InvokeResponse =>
  toResponse(200, 'application/vnd.microsoft.activity.message', text);

/** A card that replaces the clicked one, for the person who clicked only. */
const toCardResponse = (adaptiveCard: object): InvokeResponse =>
  toResponse(200, 'application/vnd.microsoft.card.adaptive', adaptiveCard);

const toErrorResponse = (message: string): InvokeResponse =>
  toResponse(400, 'application/vnd.microsoft.error', { code: 'BadRequest', message });

/** Teams sends other kinds of invokes, which Quarterdeck does not use. */
const notImplemented: InvokeResponse = { status: 501 };

const mayUse = (button: Button, person: Person): boolean =>
  button.kind === 'link' || button.who === undefined || button.who.includes(person.id);

/** A run's card with the buttons of one person; while the person can decide, Teams refreshes it. */
const renderPersonalCard = (run: LiveRun, person: Person, userId: string, links: CardLinks) => {
  const card = runCard(run, links);
  const buttons = card.buttons.filter((button) => mayUse(button, person));
  const userIds = buttons.some(isRestricted) ? [userId] : [];
  return renderCard(
    { ...card, buttons },
    { viewer: 'personal', refresh: isOver(run) ? null : { userIds, run: run.view.workflowId } },
  );
};

const invokeValue = z.object({
  action: z.object({ verb: z.string(), data: z.record(z.string(), z.unknown()) }),
});

const staleCard = "Temporal isn't responding, so the card shows the last known state. Refresh it later.";

/** Only a decision that took effect is answered with the run's card. */
const wasAccepted = (reply: Reply): reply is Reply & { readonly workflowId: string } =>
  reply.workflowId !== undefined && reply.outcome === 'accepted';

const toText = ({ card }: Reply): string => {
  const texts = card.sections.map((section) => (section.type === 'text' ? section.text : null));
  return texts.length === 0 || texts.includes(null) ? card.summary : texts.join('\n');
};

/** Clicks on cards. Teams waits for the answer, so it is sent in time whatever Temporal and Teams do. */
export const createOnInvoke = (deps: ListenerDeps) => {
  const { dispatch, resolveUser, runs, links, dedupeClick, logger, replyTimeoutMs } = deps;

  const readRun = async (workflowId: string): Promise<LiveRun | null | 'unreadable'> => {
    try {
      return await runs.get(workflowId);
    } catch (error) {
      logger.warn({ workflowId, err: error }, 'a run cannot be read for its card');
      return 'unreadable';
    }
  };

  /** null when the run cannot be read until the deadline. */
  const showRun = async (turnActivity: Activity, workflowId: string, deadline: number) => {
    const reading = Promise.all([readRun(workflowId), resolveUser(turnActivity)]);
    const milliseconds = Math.max(1, deadline - Date.now());
    const [run, person] = (await pTimeout(reading, { milliseconds, fallback: () => null })) ?? [];
    if (run === undefined || run === 'unreadable' || person === undefined) return null;
    return run === null
      ? toMessageResponse('Temporal no longer has this run.')
      : toCardResponse(renderPersonalCard(run, person, turnActivity.from.id, links));
  };

  const onCommand = async (turnActivity: Activity, command: ParsedCommand) => {
    const request = toCommandRequest(turnActivity, dedupeClick(turnActivity, command), command, deps);
    const reply = await dispatch(request);
    // An accepted decision is confirmed even when its card cannot be shown.
    const card = wasAccepted(reply)
      ? await showRun(turnActivity, reply.workflowId, request.deadline).catch(() => null)
      : null;
    if (card !== null) return card;
    return reply.outcome === 'listing'
      ? toCardResponse(renderCard(reply.card))
      : toMessageResponse(toText(reply));
  };

  /** Changes nothing: clients also send this on their own. */
  const onRefresh = async (turnActivity: Activity, workflowId: string) => {
    try {
      const deadline = Date.now() + replyTimeoutMs;
      return (await showRun(turnActivity, workflowId, deadline)) ?? toMessageResponse(staleCard);
    } catch (error) {
      if (error instanceof UserError) return toMessageResponse(toText(toErrorReply(error)));
      throw error;
    }
  };

  return async (turnActivity: Activity): Promise<InvokeResponse> => {
    if (turnActivity.name !== 'adaptiveCard/action') return notImplemented;
    const { data: value } = invokeValue.safeParse(turnActivity.value);
    if (value === undefined) return toErrorResponse('Not the data of a card button.');
    const action = parseActionData(value.action.verb, value.action.data);
    switch (action.kind) {
      case 'command':
        return onCommand(turnActivity, action);
      case 'refresh':
        return onRefresh(turnActivity, action.run);
      case 'missing_reason':
        return toMessageResponse(missingReason);
      case 'unknown':
        return toMessageResponse(unknownAction);
      default:
        return action satisfies never;
    }
  };
};
