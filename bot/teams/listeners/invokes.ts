import type { Activity, InvokeResponse } from 'botbuilder';
import { z } from 'zod';
import { within } from '../../commands/handling/handle-request.ts';
import { UserError } from '../../platform/errors.ts';
import type { Reply } from '../../platform/platform.ts';
import type { LiveRun } from '../../runs/types.ts';
import { renderCard } from '../render/adaptive-card.ts';
import { missingReason, parseActionData, unknownAction } from './action-data.ts';
import type { ListenerDeps } from './deps.ts';
import { type ParsedCommand, toInvocation } from './invocation.ts';
import { notImplemented, toCardResponse, toErrorResponse, toMessageResponse } from './invoke-responses.ts';
import { renderPersonalCard } from './personal-card.ts';

const invoked = z.object({
  action: z.object({ verb: z.string(), data: z.record(z.string(), z.unknown()) }),
});

const unconfirmed =
  'There is no answer yet, so this is not confirmed. What comes of it is told in this conversation.';
const unread =
  'Temporal does not answer just now, so the card shows what was known last. Refresh it again in a moment.';

/** Only a decision that Temporal holds is shown as the run's card. */
const wasAccepted = (reply: Reply): reply is Reply & { readonly workflowId: string } =>
  reply.workflowId !== undefined && reply.outcome === 'accepted';

const wordsIn = ({ card }: Reply): string => {
  const texts = card.sections.map((section) => (section.type === 'text' ? section.text : null));
  return texts.length === 0 || texts.includes(null) ? card.summary : texts.join('\n');
};

/** Clicks on cards. Teams waits for the answer, so it is there in time, whatever Temporal and Teams do. */
export const createOnInvoke = (deps: ListenerDeps) => {
  const { replyTo, findPerson, runs, links, tell, clickKey, inFlight, logger, answerWithinMs } = deps;

  const readRun = async (workflowId: string): Promise<LiveRun | null | 'unread'> => {
    try {
      return await runs.get(workflowId);
    } catch (error) {
      logger.warn({ workflowId, error: String(error) }, 'a run could not be read for a card');
      return 'unread';
    }
  };

  /** null when it could not be drawn in time. */
  const drawRun = async (turnActivity: Activity, workflowId: string, left: () => number) => {
    const drawing = Promise.all([readRun(workflowId), findPerson(turnActivity)]);
    const [run, person] = (await within(drawing, left())) ?? [];
    if (run === undefined || run === 'unread' || person === undefined) return null;
    return run === null
      ? toMessageResponse('This run is not known to Temporal any more.')
      : toCardResponse(renderPersonalCard(run, person, turnActivity.from.id, links));
  };

  const press = async (turnActivity: Activity, wanted: ParsedCommand, left: () => number) => {
    const asked = toInvocation(turnActivity, clickKey(turnActivity, wanted), wanted, tell);
    const work = replyTo(asked);
    const reply = await within(work, left());
    if (reply === null) {
      void inFlight.track(async () => tell(turnActivity, await work));
      return toMessageResponse(unconfirmed);
    }
    // What counted has counted, also when its card cannot be drawn.
    const card = wasAccepted(reply)
      ? await drawRun(turnActivity, reply.workflowId, left).catch(() => null)
      : null;
    if (card !== null) return card;
    return reply.outcome === 'listing'
      ? toCardResponse(renderCard(reply.card))
      : toMessageResponse(wordsIn(reply));
  };

  /** Changes nothing: Teams also asks by itself. */
  const refresh = async (turnActivity: Activity, workflowId: string, left: () => number) => {
    try {
      return (await drawRun(turnActivity, workflowId, left)) ?? toMessageResponse(unread);
    } catch (error) {
      if (error instanceof UserError) return toMessageResponse(error.message);
      throw error;
    }
  };

  return async (turnActivity: Activity): Promise<InvokeResponse> => {
    if (turnActivity.name !== 'adaptiveCard/action') return notImplemented;
    const { data: value } = invoked.safeParse(turnActivity.value);
    if (value === undefined) return toErrorResponse('This is not what a button of a card sends.');
    const until = Date.now() + answerWithinMs;
    const left = (): number => Math.max(0, until - Date.now());
    const pressed = parseActionData(value.action.verb, value.action.data);
    switch (pressed.kind) {
      case 'command':
        return press(turnActivity, pressed, left);
      case 'refresh':
        return refresh(turnActivity, pressed.run, left);
      case 'unreasoned':
        return toMessageResponse(missingReason);
      case 'strange':
        return toMessageResponse(unknownAction);
      default:
        return pressed satisfies never;
    }
  };
};
