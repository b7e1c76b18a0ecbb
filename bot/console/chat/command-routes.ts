import express, { type Request, type Response, Router } from 'express';
import type { Person } from '../../../workflows/contract/person.ts';
import type { Reply } from '../../platform/platform.ts';
import type { ConsoleParts } from '../console-parts.ts';
import { checkOrigin } from '../security/csrf.ts';
import { HttpError } from '../security/http-error.ts';
import { randomToken } from '../security/signer.ts';
import { type ConsoleRequest, splitCommand } from './console-chat.ts';
import { actionForm, readForm, switchUserForm, textForm } from './read-form.ts';

const wantsJson = (request: Request): boolean => request.accepts(['html', 'json']) === 'json';

/** What was typed and pressed. Every route here is checked in the same order: host, origin, token, person. */
export const createCommandRoutes = (parts: ConsoleParts): Router => {
  const { interactive, hosts, csrf, identity, signer, consoleChat: speak, flashMessages: notices } = parts;
  const router = Router();
  const guard = [checkOrigin(hosts), express.urlencoded({ extended: false, limit: '32kb' }), csrf.check];

  /** Two tabs share one choice of person: an act counts only for the person that its page showed. */
  const actor = (request: Request, as: string): Person => {
    if (!interactive || !hosts.allowsCommands(request.headers.host))
      throw new HttpError(403, 'Nothing can be done here: this page is for reading.');
    const person = identity.getPerson(request);
    if (person.id !== as)
      throw new HttpError(409, `In another tab you have become ${person.name}. Load this page again first.`);
    return person;
  };

  const answer = (request: Request, response: Response, reply: Reply, back: string, told: boolean): void => {
    const { summary, tone } = reply.card;
    if (wantsJson(request)) response.json({ summary, tone, nonce: randomToken() });
    else if (told) response.redirect(303, back);
    else {
      const mark = back.includes('?') ? '&' : '?';
      response.redirect(303, `${back}${mark}said=${notices.add(summary)}`);
    }
  };

  router.post('/console/say', ...guard, async (request, response) => {
    const form = readForm(textForm, request);
    const words = form.words.trim();
    const { conversation, back } = form;
    const speech: ConsoleRequest = {
      ...splitCommand(words),
      nonce: signer.deriveId('say', `${form.nonce} ${words}`),
      actor: actor(request, form.as),
      conversation,
    };
    if (words === '') throw new HttpError(400, 'Type something first.');
    answer(request, response, await speak.submitText(speech, words), back, true);
  });

  router.post('/console/press', ...guard, async (request, response) => {
    const { as, back, reason = '', args, digest, ...form } = readForm(actionForm, request);
    const speech: ConsoleRequest = {
      ...form,
      args: `${args} ${reason.replace(/\s+/g, ' ')}`.trim(),
      ...(digest === undefined ? {} : { digest }),
      actor: actor(request, as),
    };
    answer(request, response, await speak.submitAction(speech), back, false);
  });

  router.post('/console/be', ...guard, (request, response) => {
    const { person, back } = readForm(switchUserForm, request);
    if (!interactive || !hosts.allowsCommands(request.headers.host))
      throw new HttpError(403, 'Nothing can be done here: this page is for reading.');
    if (identity.switchTo(request, response, person) === null)
      throw new HttpError(400, 'The catalog does not name that person.');
    response.redirect(303, back);
  });

  router.get('/console/token', (request, response) => {
    response.json({ csrf: csrf.issue(request, response) });
  });

  return router;
};
