import type { ErrorRequestHandler, Request } from 'express';
import type { Logger } from '../../../runtime/logger.ts';
import { HttpError } from '../security/http-error.ts';
import { randomToken } from '../security/signer.ts';
import type { ViewerAccess } from '../security/viewer.ts';
import { createMessagePage, type SendPage } from './send-page.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not allowed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Request too large',
};

const toStatus = (error: unknown): number => {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : 500;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
};

const toMessage = (error: unknown, status: number, incident: string): string => {
  if (error instanceof HttpError) return error.message;
  if (status === 413) return 'The request is too large. Nothing was done.';
  if (status < 500) return 'Invalid request. Nothing was done. Reload the page and try again.';
  return `Internal error. Give incident ID ${incident} to your Quarterdeck administrator.`;
};

const wantsHtml = (request: Request): boolean =>
  !request.path.startsWith('/api/') && request.accepts(['json', 'html']) === 'html';

/** Answers every failed request: with a page for people, with JSON for programs. */
export const createErrorHandler =
  (logger: Logger, access: ViewerAccess, sendPage: SendPage): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = toStatus(error);
    const incident = randomToken().slice(0, 8);
    if (status >= 500 && !(error instanceof HttpError))
      logger.error({ incident, path: request.path, err: error }, 'console request failed');
    const message = toMessage(error, status, incident);
    response.status(status);
    if (wantsHtml(request)) {
      const page = createMessagePage(titles[status] ?? 'Something went wrong', message);
      sendPage(request, response, access.resolve(request, response), page);
    } else response.json({ error: message });
  };
