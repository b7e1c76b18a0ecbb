import type { ErrorRequestHandler, Request } from 'express';
import type { ConsoleParts } from '../console-parts.ts';
import { HttpError } from '../security/http-error.ts';
import { resolveViewer } from '../security/resolve-viewer.ts';
import { randomToken } from '../security/signer.ts';
import { createSendPage, messagePage } from './send-page.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'That was not understood',
  401: 'Not allowed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not done',
  413: 'Too long',
};

const statusOf = (error: unknown): number => {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
};

const sentence = (error: unknown, status: number, incident: string): string => {
  if (error instanceof HttpError) return error.message;
  if (status === 413) return 'That is more text than can be taken. Nothing was done.';
  if (status < 500) return 'That is not something that this page sends, so nothing was done.';
  return `Something went wrong here. Ask whoever runs this bot for incident ${incident}.`;
};

const isForPeople = (request: Request): boolean =>
  !request.path.startsWith('/api/') && request.accepts(['json', 'html']) === 'html';

/** Every way in which a request can end badly, as a page for people and as JSON for programs. */
export const createErrorHandler = (parts: ConsoleParts): ErrorRequestHandler => {
  const send = createSendPage(parts);
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    const incident = randomToken().slice(0, 8);
    if (status >= 500 && !(error instanceof HttpError))
      parts.logger.error({ incident, path: request.path, error }, 'a page of the console failed');
    const message = sentence(error, status, incident);
    response.status(status);
    if (isForPeople(request)) {
      const page = messagePage(titles[status] ?? 'Something went wrong', message);
      send(request, response, resolveViewer(parts, request, response), page);
    } else response.json({ error: message });
  };
};
