import { type Request, Router } from 'express';
import { runUrl } from '../../cards/run-buttons.ts';
import type { ConsoleParts } from '../console-parts.ts';
import { isConversationName } from '../entry.ts';
import { loadChat } from '../pages/chat.ts';
import { loadRun } from '../pages/run.ts';
import { loadRuns } from '../pages/runs.ts';
import { runsAddress, typedSearch } from '../pages/runs-address.ts';
import { streamAddress } from '../stream/topic.ts';
import { findRun } from './find-run.ts';
import { createSendPage, messagePage } from './send-page.ts';
import { viewerOf } from './viewer-of.ts';

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
    const viewer = viewerOf(parts, request, response);
    const room = roomOf(request);
    const page = await loadChat(parts, viewer, room);
    send(request, response, viewer, page, streamAddress({ page: 'chat', room }));
  });

  router.get('/runs', async (request, response) => {
    const viewer = viewerOf(parts, request, response);
    const typed = typedSearch(queryOf(request));
    const page = await loadRuns(parts, typed);
    send(request, response, viewer, page, streamAddress({ page: 'runs', filter: runsAddress(typed) }));
  });

  router.get('/runs/:id', async (request, response) => {
    const viewer = viewerOf(parts, request, response);
    const { id } = request.params;
    const page = await loadRun(parts, viewer, id);
    if (page !== null) {
      send(request, response, viewer, page, streamAddress({ page: 'run', id }));
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
