import { Router } from 'express';
import type { Platform } from '../platform/platform.ts';
import { createAssetRoutes } from './assets.ts';
import { createCommandRoutes } from './chat/command-routes.ts';
import { consoleName } from './chat/entry.ts';
import { createCliRoutes } from './cli-routes.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { createConsoleParts } from './console-parts.ts';
import { createErrorHandler } from './layout/error-handler.ts';
import { createLiveUpdates } from './live/live-updates.ts';
import { createStreamRoute } from './live/stream-route.ts';
import { createPageRoutes } from './page-routes.ts';
import { createArtifactRoutes } from './run/artifact-routes.ts';
import { securityHeaders } from './security/headers.ts';
import { checkHost } from './security/hosts.ts';
import { HttpError } from './security/http-error.ts';

/** Nothing here is limited by a chat's rules, only by what a page can draw. */
const messagesPerMinute = 3000;

/** The console: pages, the chat where there is no other, and the terminal's door. It answers every path that is left. */
export const createConsole = (deps: ConsoleDeps): Platform => {
  const parts = createConsoleParts(deps);
  const {
    app,
    runs,
    logger,
    messages: chat,
    conversations,
    runCache: seen,
    cliAuth: door,
    signer,
    hosts,
  } = parts;
  const live = createLiveUpdates(logger, { minIntervalMs: 500, settleMs: 4000 });

  const router = Router();
  router.use(securityHeaders, checkHost(hosts));
  router.use(createAssetRoutes(parts.assets));
  router.use(createStreamRoute(parts, live));
  router.use(createCommandRoutes(parts));
  router.use(createCliRoutes(parts));
  router.use(createArtifactRoutes(parts));
  router.use(createPageRoutes(parts));
  router.use((_request, _response, next) => next(new HttpError(404, 'There is nothing at this address.')));
  router.use(createErrorHandler(parts));
  app.use(router);

  let stopListening = (): void => undefined;

  return {
    name: consoleName,
    messagesPerMinute,
    async start() {
      const ignoreRuns = runs.onChange((run) => {
        seen.set(run);
        live.notifyChanged();
      });
      const ignoreChat = conversations.onChange(() => live.notifyChanged());
      stopListening = () => {
        ignoreRuns();
        ignoreChat();
      };
      const began = await Promise.allSettled([signer.load(), door.writeToken(), chat.restore()]);
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
