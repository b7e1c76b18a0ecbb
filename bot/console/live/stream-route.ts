import { Router } from 'express';
import type { Logger } from '../../../runtime/logger.ts';
import { type ChatPageDeps, loadChatPage } from '../chat/chat-page.ts';
import type { Page } from '../layout/layout.ts';
import { loadRunPage, type RunPageDeps } from '../run/run-page.ts';
import { loadRunsPage, parseSearchQuery } from '../runs/runs-page.ts';
import { HttpError } from '../security/http-error.ts';
import type { Viewer, ViewerAccess } from '../security/viewer.ts';
import type { LiveUpdates } from './live-updates.ts';
import { createPagePusher } from './page-pusher.ts';
import { parseStreamTopic, type StreamTopic } from './stream-topic.ts';

const maxOpenPages = 200;
const heartbeatIntervalMs = 20_000;

/** What the three live pages need. */
export type LivePageDeps = ChatPageDeps & RunPageDeps;

const loadPage = (deps: LivePageDeps, viewer: Viewer, topic: StreamTopic): Promise<Page | null> => {
  switch (topic.page) {
    case 'chat':
      return loadChatPage(deps, viewer, topic.conversation);
    case 'runs':
      return loadRunsPage(deps, parseSearchQuery(new URL(topic.filter, 'http://console').searchParams));
    case 'run':
      return loadRunPage(deps, viewer, topic.id);
    default:
      return topic satisfies never;
  }
};

/** Server-sent events for one open page: each region whose markup has changed since it was last sent. */
export const createStreamRoute = (
  deps: LivePageDeps,
  access: ViewerAccess,
  live: LiveUpdates,
  logger: Logger,
): Router => {
  const router = Router();
  router.get('/console/stream', (request, response) => {
    const topic = parseStreamTopic(new URL(request.originalUrl, 'http://console').searchParams);
    if (topic === null) throw new HttpError(400, 'Unknown stream.');
    if (live.subscriberCount >= maxOpenPages)
      throw new HttpError(503, `Too many open pages (limit ${maxOpenPages}). Close some of them.`);
    const viewer = access.resolve(request, response);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 1500\n\n');

    const onError = (error: unknown): void => {
      logger.warn({ err: error }, 'live page not updated; the next change updates it');
    };
    const loadRegions = async () => (await loadPage(deps, viewer, topic))?.regions ?? [];
    const { redraw, sendHeartbeat } = createPagePusher(response, loadRegions, onError);
    const unsubscribe = live.subscribe(redraw, () => response.end());
    const heartbeat = setInterval(sendHeartbeat, heartbeatIntervalMs);
    response.on('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
    });
    redraw().catch(onError);
  });
  return router;
};
