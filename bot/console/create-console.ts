import { Router } from 'express';
import type { Platform } from '../platform/platform.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { createConsoleParts } from './console-parts.ts';
import { consoleName } from './entry.ts';
import { createActRoutes } from './routes/act-routes.ts';
import { createArtifactRoutes } from './routes/artifact-routes.ts';
import { createAssetRoutes } from './routes/asset-routes.ts';
import { createFailed } from './routes/failed.ts';
import { createPageRoutes } from './routes/page-routes.ts';
import { createTerminalRoutes } from './routes/terminal-routes.ts';
import { securityHeaders } from './security/headers.ts';
import { checkHost } from './security/hosts.ts';
import { Refused } from './security/refused.ts';
import { createLive } from './stream/live.ts';
import { createStreamRoute } from './stream/stream-route.ts';

/** Nothing here is limited by a chat's rules, only by what a page can draw. */
const messagesPerMinute = 3000;

/** The console: pages, the chat where there is no other, and the terminal's door. It answers every path that is left. */
export const createConsole = (deps: ConsoleDeps): Platform => {
  const parts = createConsoleParts(deps);
  const { app, runs, logger, chat, conversations, seen, door, signer, hosts } = parts;
  const live = createLive(logger, { betweenMs: 500, settleMs: 4000 });

  const router = Router();
  router.use(securityHeaders, checkHost(hosts));
  router.use(createAssetRoutes(parts.assets));
  router.use(createStreamRoute(parts, live));
  router.use(createActRoutes(parts));
  router.use(createTerminalRoutes(parts));
  router.use(createArtifactRoutes(parts));
  router.use(createPageRoutes(parts));
  router.use((_request, _response, next) => next(new Refused(404, 'There is nothing at this address.')));
  router.use(createFailed(parts));
  app.use(router);

  let stopListening = (): void => undefined;

  return {
    name: consoleName,
    messagesPerMinute,
    async start() {
      const ignoreRuns = runs.onChange((run) => {
        seen.remember(run);
        live.changed();
      });
      const ignoreChat = conversations.onChange(() => live.changed());
      stopListening = () => {
        ignoreRuns();
        ignoreChat();
      };
      const began = await Promise.allSettled([signer.load(), door.open(), chat.rebuild()]);
      for (const result of began)
        if (result.status === 'rejected')
          logger.warn({ error: String(result.reason) }, 'the console started without something it keeps');
    },
    async stop() {
      stopListening();
      live.stop();
    },
    unreadyReason: () => Promise.resolve(null),
    post: chat.post,
    edit: chat.edit,
    reply: chat.reply,
  };
};
