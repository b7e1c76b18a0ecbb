import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Reply } from '../../platform/platform.ts';
import { type FlashMessages, flashParameter } from '../layout/send-page.ts';
import { type Csrf, checkOrigin } from '../security/csrf.ts';
import type { AllowedHosts } from '../security/hosts.ts';
import { HttpError } from '../security/http-error.ts';
import type { Identity } from '../security/identity.ts';
import { randomToken, type Signer } from '../security/signer.ts';
import type { ViewerAccess } from '../security/viewer.ts';
import { type ConsoleChat, type ConsoleRequest, splitCommand } from './console-chat.ts';
import { consoleName, getConversationName, isConversationName, mainConversation } from './conversations.ts';

const text = (maxLength: number) => z.string().max(maxLength);

const conversation = text(200)
  .optional()
  .transform((value) =>
    value?.startsWith(`${consoleName}:`) && isConversationName(getConversationName(value))
      ? value
      : mainConversation,
  );

/** The page to return to. Only a path of this server: a form must not redirect to another site. */
const back = text(2000)
  .default('/')
  .transform((value) => (/^\/(?![/\\])[^\r\n]*$/.test(value) ? value : '/'));

const sharedFields = { as: text(300), back, conversation, nonce: text(100).min(8) };

const commandForm = z.object({ ...sharedFields, text: text(10_000) });

const actionForm = z.object({
  ...sharedFields,
  command: text(100).min(1),
  args: text(1000),
  digest: text(200).optional(),
  reason: text(4000).optional(),
});

const switchUserForm = z.object({ back, person: text(300) });

const parseForm = <Shape extends z.ZodRawShape>(
  form: z.ZodObject<Shape>,
  request: Request,
): z.output<z.ZodObject<Shape>> => {
  const parsed = form.safeParse(request.body ?? {});
  if (!parsed.success) throw new HttpError(400, 'Invalid form data. Nothing was done.');
  return parsed.data;
};

const wantsJson = (request: Request): boolean => request.accepts(['html', 'json']) === 'json';

export interface CommandRouteDeps {
  readonly hosts: AllowedHosts;
  readonly csrf: Csrf;
  readonly identity: Identity;
  readonly access: ViewerAccess;
  readonly signer: Signer;
  readonly consoleChat: ConsoleChat;
  readonly flashMessages: FlashMessages;
}

/** Typed commands, buttons and the user form. Each request is checked in one order: host, origin, CSRF token, user. */
export const createCommandRoutes = (deps: CommandRouteDeps): Router => {
  const { hosts, csrf, identity, access, signer, consoleChat, flashMessages } = deps;
  const router = Router();
  const guard = [checkOrigin(hosts), express.urlencoded({ extended: false, limit: '32kb' }), csrf.check];

  const sendJson = (response: Response, { card: { summary, tone } }: Reply): void => {
    response.json({ summary, tone, nonce: randomToken() });
  };

  router.post('/console/commands', ...guard, async (request, response) => {
    const form = parseForm(commandForm, request);
    const typed = form.text.trim();
    const actor = access.requireActor(request, form.as);
    if (typed === '') throw new HttpError(400, 'Enter a command.');
    const call: ConsoleRequest = {
      ...splitCommand(typed),
      nonce: signer.deriveId('say', `${form.nonce} ${typed}`),
      actor,
      conversation: form.conversation,
    };
    const reply = await consoleChat.submitText(call, typed);
    if (wantsJson(request)) sendJson(response, reply);
    else response.redirect(303, form.back);
  });

  router.post('/console/actions', ...guard, async (request, response) => {
    const { as, back, reason = '', args, digest, ...form } = parseForm(actionForm, request);
    const call: ConsoleRequest = {
      ...form,
      args: `${args} ${reason.replace(/\s+/g, ' ')}`.trim(),
      ...(digest === undefined ? {} : { digest }),
      actor: access.requireActor(request, as),
    };
    const reply = await consoleChat.submitAction(call);
    if (wantsJson(request)) {
      sendJson(response, reply);
      return;
    }
    const separator = back.includes('?') ? '&' : '?';
    const token = flashMessages.add(reply.card.summary);
    response.redirect(303, `${back}${separator}${flashParameter}=${token}`);
  });

  router.post('/console/switch-user', ...guard, (request, response) => {
    const { person, back } = parseForm(switchUserForm, request);
    access.assertWritable(request);
    if (identity.switchTo(request, response, person) === null)
      throw new HttpError(400, 'The catalog does not list this user. Nothing was changed.');
    response.redirect(303, back);
  });

  router.get('/console/token', (request, response) => {
    response.json({ csrf: csrf.issue(request, response) });
  });

  return router;
};
