import { type Assets, readAssets } from './assets.ts';
import { type ConsoleChat, createConsoleChat } from './chat/console-chat.ts';
import { type ConsoleMessages, createConsoleMessages } from './chat/console-messages.ts';
import { type Conversations, createConversations } from './chat/conversations.ts';
import { type CliAuth, createCliAuth } from './cli-routes.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { createFlashMessages, type FlashMessages } from './layout/send-page.ts';
import { dedupeRunReads } from './request-dedupe.ts';
import { createArtifactPreview } from './run/artifact-routes.ts';
import { createRunCache, type RunCache } from './run-cache.ts';
import { type Csrf, createCsrf } from './security/csrf.ts';
import { type AllowedHosts, createAllowedHosts } from './security/hosts.ts';
import { createIdentity, type Identity } from './security/identity.ts';
import { createPersistedSigner, type PersistedSigner } from './security/signer.ts';

/** What the routes are made from. */
export interface ConsoleParts extends ConsoleDeps {
  readonly assets: Assets;
  readonly messages: ConsoleMessages;
  readonly conversations: Conversations;
  readonly csrf: Csrf;
  readonly cliAuth: CliAuth;
  readonly hosts: AllowedHosts;
  readonly identity: Identity;
  readonly flashMessages: FlashMessages;
  readonly readPreview: ReturnType<typeof createArtifactPreview>;
  readonly runCache: RunCache;
  readonly signer: PersistedSigner;
  readonly consoleChat: ConsoleChat;
}

export const createConsoleParts = (deps: ConsoleDeps): ConsoleParts => {
  const { dispatch, store, getCatalogSummary } = deps;
  const runs = dedupeRunReads(deps.runs);
  const signer = createPersistedSigner(store);
  const conversations = createConversations();
  const seen = createRunCache(runs);
  const hosts = createAllowedHosts(deps);
  return {
    ...deps,
    runs,
    assets: readAssets(),
    messages: createConsoleMessages(conversations, seen, runs),
    conversations,
    csrf: createCsrf(signer, hosts),
    cliAuth: createCliAuth(deps.cliTokenFile),
    hosts,
    identity: createIdentity(signer, getCatalogSummary, hosts),
    flashMessages: createFlashMessages(),
    readPreview: createArtifactPreview(runs.artifact),
    runCache: seen,
    signer,
    consoleChat: createConsoleChat(dispatch, conversations),
  };
};
