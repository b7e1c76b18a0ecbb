import { type Assets, readAssets } from './assets.ts';
import { type Chat, createChat } from './chat.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { type Conversations, createConversations } from './conversations.ts';
import { createNotices, type Notices } from './notices.ts';
import { createReadStart } from './pages/read-start.ts';
import { type Csrf, createCsrf } from './security/csrf.ts';
import { createHosts, type Hosts } from './security/hosts.ts';
import { createIdentity, type Identity } from './security/identity.ts';
import { createLateSigner, type LateSigner } from './security/late-signer.ts';
import { createTerminalDoor, type TerminalDoor } from './security/terminal-door.ts';
import { createSeenRuns, type SeenRuns } from './seen-runs.ts';
import { shareRuns } from './shared-runs.ts';
import { createSpeak, type Speak } from './speak.ts';

/** What the routes are made from. */
export interface ConsoleParts extends ConsoleDeps {
  readonly assets: Assets;
  readonly chat: Chat;
  readonly conversations: Conversations;
  readonly csrf: Csrf;
  readonly door: TerminalDoor;
  readonly hosts: Hosts;
  readonly identity: Identity;
  readonly notices: Notices;
  readonly readStart: ReturnType<typeof createReadStart>;
  readonly seen: SeenRuns;
  readonly signer: LateSigner;
  readonly speak: Speak;
}

export const createConsoleParts = (deps: ConsoleDeps): ConsoleParts => {
  const { dispatch, store: memory, getCatalogSummary: outline } = deps;
  const runs = shareRuns(deps.runs);
  const signer = createLateSigner(memory);
  const conversations = createConversations();
  const seen = createSeenRuns(runs);
  const hosts = createHosts(deps);
  return {
    ...deps,
    runs,
    assets: readAssets(),
    chat: createChat(conversations, seen, runs),
    conversations,
    csrf: createCsrf(signer, hosts),
    door: createTerminalDoor(deps.cliTokenFile),
    hosts,
    identity: createIdentity(signer, outline, hosts),
    notices: createNotices(),
    readStart: createReadStart(runs.artifact),
    seen,
    signer,
    speak: createSpeak(dispatch, conversations),
  };
};
