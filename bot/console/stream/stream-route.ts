import { Router } from 'express';
import type { ConsoleParts } from '../console-parts.ts';
import { loadChat } from '../pages/chat.ts';
import type { Page } from '../pages/page.ts';
import { loadRun } from '../pages/run.ts';
import { loadRuns } from '../pages/runs.ts';
import { typedSearch } from '../pages/runs-address.ts';
import { viewerOf } from '../routes/viewer-of.ts';
import { Refused } from '../security/refused.ts';
import type { Viewer } from '../viewer.ts';
import type { Live } from './live.ts';
import { createPushPage } from './push-page.ts';
import { readTopic, type Topic } from './topic.ts';

const most = 200;
const aliveEveryMs = 20_000;

const load = (parts: ConsoleParts, viewer: Viewer, topic: Topic): Promise<Page | null> => {
  switch (topic.page) {
    case 'chat':
      return loadChat(parts, viewer, topic.room);
    case 'runs':
      return loadRuns(parts, typedSearch(new URL(topic.filter, 'http://console').searchParams));
    case 'run':
      return loadRun(parts, viewer, topic.id);
    default:
      return topic satisfies never;
  }
};

/** Pushes every part of a page that looks different from what was pushed before. */
export const createStreamRoute = (parts: ConsoleParts, live: Live): Router => {
  const router = Router();
  router.get('/console/stream', (request, response) => {
    const topic = readTopic(new URL(request.originalUrl, 'http://console').searchParams);
    if (topic === null) throw new Refused(400, 'There is no such stream.');
    if (live.watchers >= most) throw new Refused(503, 'Too many pages are open. Close some of them.');
    const viewer = viewerOf(parts, request, response);
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
    const { redraw, alive: sayAlive } = createPushPage(response, regions, failed);
    const unwatch = live.watch(redraw, () => response.end());
    const alive = setInterval(sayAlive, aliveEveryMs);
    response.on('close', () => {
      clearInterval(alive);
      unwatch();
    });
    redraw().catch(failed);
  });
  return router;
};
