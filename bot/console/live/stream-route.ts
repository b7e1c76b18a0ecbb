import { Router } from 'express';
import { loadChatPage } from '../chat/chat-page.ts';
import type { ConsoleParts } from '../console-parts.ts';
import type { Page } from '../layout/page.ts';
import { loadRunPage } from '../run/run-page.ts';
import { loadRunsPage } from '../runs/runs-page.ts';
import { readSearchQuery } from '../runs/search-url.ts';
import { HttpError } from '../security/http-error.ts';
import { resolveViewer } from '../security/resolve-viewer.ts';
import type { Viewer } from '../security/viewer.ts';
import type { LiveUpdates } from './live-updates.ts';
import { createPagePusher } from './page-pusher.ts';
import { parseStreamTopic, type StreamTopic } from './stream-topic.ts';

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
