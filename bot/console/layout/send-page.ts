import type { Request, Response } from 'express';
import type { ConsoleParts } from '../console-parts.ts';
import type { Viewer } from '../security/viewer.ts';
import { renderLayout } from './layout.ts';
import { renderMessagePage } from './message-page.ts';
import type { Page } from './page.ts';

export type SendPage = (
  request: Request,
  response: Response,
  viewer: Viewer,
  page: Page,
  stream?: string,
) => void;

const queryText = (request: Request, name: string): string => {
  const value = request.query[name];
  return typeof value === 'string' ? value : '';
};

/** Frames a page and sends it; with the address of its stream it keeps itself current. */
export const createSendPage =
  ({ assets, flashMessages: notices }: ConsoleParts): SendPage =>
  (request, response, viewer, { title, current, content }, stream) => {
    const frame = {
      title,
      viewer,
      assets: assets.urls,
      path: request.originalUrl.replace(/([?&])said=[^&]*&?/, '$1').replace(/[?&]$/, ''),
      current,
      stream: stream ?? null,
      notice: notices.take(queryText(request, 'said')),
    };
    response.type('html').send(renderLayout(frame, content).toString());
  };

/** A page that says why there is nothing else. */
export const messagePage = (title: string, text: string): Page => ({
  title,
  current: null,
  content: renderMessagePage(title, text),
  regions: [],
});
