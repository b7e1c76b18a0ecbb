import { Router } from 'express';
import { loadChatPage } from '../chat/chat-page.ts';
import { isConversationName } from '../chat/entry.ts';
import type { ConsoleParts } from '../console-parts.ts';
import type { Page } from '../layout/layout.ts';
import { loadRunPage } from '../run/run-page.ts';
import { loadRunsPage, readSearchQuery } from '../runs/runs-page.ts';
import { HttpError } from '../security/http-error.ts';
import { resolveViewer, type Viewer } from '../security/resolve-viewer.ts';
import type { LiveUpdates } from './live-updates.ts';
import { createPagePusher } from './page-pusher.ts';

/** Which page a stream keeps current. */
export type StreamTopic =
  | { readonly page: 'chat'; readonly room: string }
  | { readonly page: 'runs'; readonly filter: string }
  | { readonly page: 'run'; readonly id: string };

export const toStreamUrl = (topic: StreamTopic): string =>
  `/console/stream?${new URLSearchParams({ ...topic })}`;

/** null for an address that no page has given. */
const parseStreamTopic = (query: URLSearchParams): StreamTopic | null => {
  const room = query.get('room') ?? '';
  const id = query.get('id') ?? '';
  switch (query.get('page')) {
    case 'chat':
      return isConversationName(room) ? { page: 'chat', room } : null;
    case 'runs':
      return { page: 'runs', filter: query.get('filter') ?? '/runs' };
    case 'run':
      return id === '' || id.length > 300 ? null : { page: 'run', id };
    default:
      return null;
  }
};

const maxOpenPages = 200;
const heartbeatIntervalMs = 20_000;

const load = (parts: ConsoleParts, viewer: Viewer, topic: StreamTopic): Promise<Page | null> => {
  switch (topic.page) {
    case 'chat':
      return loadChatPage(parts, viewer, topic.room);
    case 'runs':
      return loadRunsPage(parts, readSearchQuery(new URL(topic.filter, 'http://console').searchParams));
    case 'run':
      return loadRunPage(parts, viewer, topic.id);
    default:
      return topic satisfies never;
  }
};

/** Pushes every part of a page that looks different from what was pushed before. */
export const createStreamRoute = (parts: ConsoleParts, live: LiveUpdates): Router => {
  const router = Router();
  router.get('/console/stream', (request, response) => {
    const topic = parseStreamTopic(new URL(request.originalUrl, 'http://console').searchParams);
    if (topic === null) throw new HttpError(400, 'There is no such stream.');
    if (live.subscriberCount >= maxOpenPages)
      throw new HttpError(503, 'Too many pages are open. Close some of them.');
    const viewer = resolveViewer(parts, request, response);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 1500\n\n');

    const failed = (error: unknown): void => {
      parts.logger.warn({ error: String(error) }, 'a live page could not be drawn; it is tried again');
    };
    const regions = async () => (await load(parts, viewer, topic))?.regions ?? [];
    const { redraw, sendHeartbeat: sayAlive } = createPagePusher(response, regions, failed);
    const unwatch = live.subscribe(redraw, () => response.end());
    const alive = setInterval(sayAlive, heartbeatIntervalMs);
    response.on('close', () => {
      clearInterval(alive);
      unwatch();
    });
    redraw().catch(failed);
  });
  return router;
};
