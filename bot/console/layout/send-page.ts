import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { AssetUrls } from '../assets.ts';
import { randomToken } from '../security/signer.ts';
import type { Viewer } from '../security/viewer.ts';
import { html } from './html.ts';
import { type Page, renderLayout } from './layout.ts';

/** Messages for the next page, for browsers without scripts. */
export interface FlashMessages {
  /** Returns a token for the URL of the next page. */
  add(text: string): string;
  get(token: string): string | null;
}

export const createFlashMessages = (): FlashMessages => {
  const messages = new LRUCache<string, string>({ max: 200, ttl: 300_000 });
  return {
    add(text) {
      const token = randomToken();
      messages.set(token, text);
      return token;
    },
    get: (token) => messages.get(token) ?? null,
  };
};

/** Sends a page; `stream` is the URL of the stream that updates it while it is open. */
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

/** The query parameter that carries the token of a flash message. */
export const flashParameter = 'message';

const withoutFlash = (url: string): string =>
  url.replace(new RegExp(`([?&])${flashParameter}=[^&]*&?`), '$1').replace(/[?&]$/, '');

export const createSendPage =
  (assets: AssetUrls, flashMessages: FlashMessages): SendPage =>
  (request, response, viewer, { title, current, content }, stream) => {
    const frame = {
      title,
      viewer,
      assets,
      path: withoutFlash(request.originalUrl),
      current,
      stream: stream ?? null,
      flashMessage: flashMessages.get(queryText(request, flashParameter)),
    };
    response.type('html').send(renderLayout(frame, content).toString());
  };

/** A page with one message and links to the other pages. */
export const createMessagePage = (title: string, text: string): Page => ({
  title,
  current: null,
  content: html`
  <div class="message">
    <h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button plain" href="/">Home</a> <a class="button quiet" href="/runs">All runs</a></p>
  </div>`,
  regions: [],
});
