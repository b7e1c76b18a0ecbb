import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { ConsoleParts } from '../console-parts.ts';
import type { Viewer } from '../security/resolve-viewer.ts';
import { randomToken } from '../security/signer.ts';
import { type Html, html } from './html.ts';
import type { Page } from './layout.ts';
import { renderLayout } from './layout.ts';

/** Sentences for the next page, for browsers that cannot show them at once. */
export interface FlashMessages {
  /** A name that can stand in an address. */
  add(text: string): string;
  take(name: string): string | null;
}

export const createFlashMessages = (): FlashMessages => {
  const kept = new LRUCache<string, string>({ max: 200, ttl: 300_000 });
  return {
    add(text) {
      const name = randomToken();
      kept.set(name, text);
      return name;
    },
    take: (name) => kept.get(name) ?? null,
  };
};

/** A page that says one thing, and where to go from there. */
const renderMessagePage = (title: string, text: string): Html => html`
  <div class="message">
    <h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button plain" href="/">To the start</a> <a class="button quiet" href="/runs">All runs</a></p>
  </div>`;

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
