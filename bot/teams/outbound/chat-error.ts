import { ChatError } from '../../platform/errors.ts';
import { readTeamsError, type TeamsFailure } from './teams-error.ts';

const hints: Readonly<Record<string, string>> = {
  BotNotInConversationRoster: 'add the app to that team or chat',
  ConversationBlockedByUser: 'the person has blocked the bot; they can unblock it in the chat',
  BotDisabledByAdmin:
    'an administrator has switched the app off; allow it in the Teams admin centre under “Manage apps”',
  ConversationNotFound: 'check the conversation id, and that the app is added there',
  MessageSizeTooBig: 'the message is too large for Teams however small it is drawn',
};

const credentials = 'check MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId';

/** An administrator can mend these without us: until then nothing is thrown away. */
const unauthorized: Readonly<Record<string, string>> = {
  BotNotRegistered: 'register the bot in Azure with this MicrosoftAppId, and add its Teams channel',
};
const mendAfterMs = 60_000;

/** A moment later it may work; 412 is two requests at once in one conversation. */
const passing = new Set([408, 412, 425, 429, 503]);

export interface ErrorContext {
  /** Doing it twice is harmless, so an unclear outcome is simply tried again. */
  readonly repeatable: boolean;
  /** It belongs to an earlier message, and 404 means that this one is not there any more. */
  readonly toMessage: boolean;
}

type Answered = Extract<TeamsFailure, { kind: 'answered' }>;

const ofAnswer = (doing: string, failure: Answered, errand: ErrorContext, cause: ErrorOptions): ChatError => {
  const { status, code, retryAfterMs } = failure;
  const said = `${doing}: Teams answered ${status}${code === null ? '' : ` ${code}`}`;
  const later = (why: string, ms: number | null): ChatError =>
    new ChatError(`${said}; ${why}`, 'retryable', { ...cause, ...(ms === null ? {} : { retryAfterMs: ms }) });

  if (passing.has(status)) return later('it is tried again', retryAfterMs);
  if (status === 401) return later(unauthorized[code ?? ''] ?? credentials, mendAfterMs);
  if (status >= 500 || status < 400)
    return new ChatError(said, errand.repeatable ? 'retryable' : 'uncertain', cause);
  if (status === 404 && errand.toMessage) return new ChatError(said, 'not_found', cause);
  if (status === 413) return new ChatError(`${said}; ${hints.MessageSizeTooBig}`, 'permanent', cause);
  // Teams says why it refuses; without a word of its own, a proxy on the way has answered.
  if (status === 403 && code === null)
    return later('something between the bot and Teams refuses it', mendAfterMs);
  const hint = hints[code ?? ''] ?? (status === 404 ? hints.ConversationNotFound : undefined);
  return new ChatError(hint === undefined ? said : `${said}; ${hint}`, 'permanent', cause);
};

export const toChatError = (doing: string, error: unknown, errand: ErrorContext): ChatError => {
  if (error instanceof ChatError) return error;
  const failure = readTeamsError(error);
  const cause = { cause: error };
  switch (failure.kind) {
    case 'answered':
      return ofAnswer(doing, failure, errand, cause);
    case 'unreached':
      return new ChatError(`${doing}: Teams cannot be reached (${failure.why})`, 'retryable', cause);
    case 'unanswered':
      return new ChatError(
        `${doing}: Teams did not answer (${failure.why})`,
        errand.repeatable ? 'retryable' : 'uncertain',
        cause,
      );
    case 'unsent':
      return new ChatError(`${doing}: no token for Teams (${failure.why}); ${credentials}`, 'retryable', {
        ...cause,
        retryAfterMs: mendAfterMs,
      });
    default:
      return failure satisfies never;
  }
};
