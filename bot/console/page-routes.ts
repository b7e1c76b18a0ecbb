import { type Request, Router } from 'express';
import { runUrl } from '../cards/run-buttons.ts';
import { loadChatPage } from './chat/chat-page.ts';
import { isConversationName } from './chat/entry.ts';
import type { ConsoleParts } from './console-parts.ts';
import { createSendPage, messagePage } from './layout/send-page.ts';
import { toStreamUrl } from './live/stream-route.ts';
import { loadRunPage } from './run/run-page.ts';
import { findRun } from './run-cache.ts';
import { loadRunsPage, readSearchQuery, toRunsUrl } from './runs/runs-page.ts';
import { resolveViewer } from './security/resolve-viewer.ts';

const roomOf = (request: Request): string => {
  const name = request.query.in;
  return typeof name === 'string' && isConversationName(name) ? name : 'main';
};

const queryOf = (request: Request): URLSearchParams =>
  new URL(request.originalUrl, 'http://console').searchParams;

/** The pages that people look at. */
export const createPageRoutes = (parts: ConsoleParts): Router => {
  const router = Router();
  const send = createSendPage(parts);

  router.get('/', async (request, response) => {
    const viewer = resolveViewer(parts, request, response);
    const room = roomOf(request);
    const page = await loadChatPage(parts, viewer, room);
    send(request, response, viewer, page, toStreamUrl({ page: 'chat', room }));
  });

  router.get('/runs', async (request, response) => {
    const viewer = resolveViewer(parts, request, response);
    const typed = readSearchQuery(queryOf(request));
    const page = await loadRunsPage(parts, typed);
    send(request, response, viewer, page, toStreamUrl({ page: 'runs', filter: toRunsUrl(typed) }));
  });

  router.get('/runs/:id', async (request, response) => {
    const viewer = resolveViewer(parts, request, response);
    const { id } = request.params;
    const page = await loadRunPage(parts, viewer, id);
    if (page !== null) {
      send(request, response, viewer, page, toStreamUrl({ page: 'run', id }));
      return;
    }
    const found = await findRun(parts.runs, id);
    if ('workflowId' in found && found.workflowId !== id) {
      response.redirect(302, runUrl('', found.workflowId));
      return;
    }
    const text = 'why' in found ? found.why : `“${id.slice(0, 60)}” is not the id of a run here.`;
    response.status(404);
    send(request, response, viewer, messagePage('No such run', text));
  });

  return router;
};
