import { Router } from 'express';
import type { Platform } from '../platform/platform.ts';
import type { PlatformDeps } from '../platform/platform-factory.ts';
import { createAssetRoutes, readAssets } from './assets.ts';
import { createChatRoute } from './chat/chat-page.ts';
import { createCommandRoutes } from './chat/command-routes.ts';
import { createConsoleChat } from './chat/console-chat.ts';
import { createConsoleMessages } from './chat/console-messages.ts';
import { consoleName, createConversations } from './chat/conversations.ts';
import type { DemoScenario } from './chat/demo-scenarios.ts';
import { createCliAuth, createCliRoutes } from './cli-routes.ts';
import { createErrorHandler } from './layout/error-handler.ts';
import { createFlashMessages, createSendPage } from './layout/send-page.ts';
import { createLiveUpdates } from './live/live-updates.ts';
import { createStreamRoute } from './live/stream-route.ts';
import { createArtifactRoutes, createReadPreview } from './run/artifact-routes.ts';
import { createRunRoute } from './run/run-page.ts';
import { createRunCache, dedupeRunReads } from './run-cache.ts';
import { createRunsRoute } from './runs/runs-page.ts';
import { createCsrf } from './security/csrf.ts';
import { securityHeaders } from './security/headers.ts';
import { checkHost, createAllowedHosts } from './security/hosts.ts';
import { HttpError } from './security/http-error.ts';
import { createIdentity } from './security/identity.ts';
import { createPersistedSigner } from './security/signer.ts';
import { createViewerAccess } from './security/viewer.ts';

/** What the console is created from. */
export interface ConsoleDeps extends Omit<PlatformDeps, 'interactive'> {
  /** True: the console is the chat. False: another chat is connected, and the console is read-only. */
  readonly interactive: boolean;
  /** Temporal's own UI; null when there is none to link to. */
  readonly temporalUi: { readonly url: string; readonly namespace: string } | null;
  /** The scenarios that the demo suggests; empty elsewhere. */
  readonly scenarios: readonly DemoScenario[];
  /** Where the CLI reads its token. */
  readonly cliTokenFile: string;
}

/** The console has no rate limit. This bounds how often pages are rendered. */
const messagesPerMinute = 3000;

/** The console: its pages, the chat where no other is connected, and the CLI's endpoint. Answers all remaining paths. */
export const createConsole = (deps: ConsoleDeps): Platform => {
  const { app, dispatch, logger, interactive, getCatalogSummary } = deps;
  const runs = dedupeRunReads(deps.runs);
  const runCache = createRunCache(runs);
  const conversations = createConversations();
  const messages = createConsoleMessages(conversations, runCache, runs);
  const consoleChat = createConsoleChat(dispatch, conversations);

  const signer = createPersistedSigner(deps.store);
  const hosts = createAllowedHosts(deps);
  const csrf = createCsrf(signer, hosts);
  const identity = createIdentity(signer, getCatalogSummary, hosts);
  const access = createViewerAccess({ interactive, hosts, identity, csrf });
  const cliAuth = createCliAuth(deps.cliTokenFile);

  const assets = readAssets();
  const flashMessages = createFlashMessages();
  const sendPage = createSendPage(assets.urls, flashMessages);
  const live = createLiveUpdates(logger, { minIntervalMs: 500, settleMs: 4000 });
  const readPreview = createReadPreview(runs.artifact);
  const pageDeps = { ...deps, runs, conversations, runCache, signer, readPreview };

  const router = Router();
  router.use(securityHeaders, checkHost(hosts));
  router.use(createAssetRoutes(assets));
  router.use(createStreamRoute(pageDeps, access, live, logger));
  router.use(createCommandRoutes({ hosts, csrf, identity, access, signer, consoleChat, flashMessages }));
  router.use(createCliRoutes({ cliAuth, dispatch, runs, consoleChat }));
  router.use(createArtifactRoutes({ runs, runCache, logger }));
  router.use(createChatRoute(pageDeps, access, sendPage));
  router.use(createRunsRoute(pageDeps, access, sendPage));
  router.use(createRunRoute(pageDeps, access, sendPage));
  router.use((_request, _response, next) => next(new HttpError(404, 'Page not found.')));
  router.use(createErrorHandler(logger, access, sendPage));
  app.use(router);

  let unsubscribe = (): void => undefined;

  return {
    name: consoleName,
    messagesPerMinute,
    async start() {
      const unsubscribeRuns = runs.onChange((run) => {
        runCache.set(run);
        live.notifyChanged();
      });
      const unsubscribeChat = conversations.onChange(() => live.notifyChanged());
      unsubscribe = () => {
        unsubscribeRuns();
        unsubscribeChat();
      };
      const results = await Promise.allSettled([signer.load(), cliAuth.writeToken(), messages.restore()]);
      for (const result of results)
        if (result.status === 'rejected')
          logger.warn({ err: result.reason }, 'the console started without part of its stored state');
    },
    async stop() {
      unsubscribe();
      live.stop();
    },
    unreadyReason: () => Promise.resolve(null),
    post: messages.post,
    edit: messages.edit,
    reply: messages.reply,
  };
};
