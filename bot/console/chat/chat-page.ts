import { type Request, Router } from 'express';
import { toListedRun } from '../../cards/listed-run.ts';
import type { CommandSpec } from '../../commands/spec.ts';
import type { Runs } from '../../runs/types.ts';
import { type Html, html, nothing, raw } from '../layout/html.ts';
import { type CatalogState, type Page, renderCatalogNotice } from '../layout/layout.ts';
import type { SendPage } from '../layout/send-page.ts';
import { toStreamUrl } from '../live/stream-topic.ts';
import type { RunCache } from '../run-cache.ts';
import { noRunsYet, renderRunsTable } from '../runs/run-list.ts';
import type { Signer } from '../security/signer.ts';
import type { Viewer, ViewerAccess } from '../security/viewer.ts';
import { type CompletionSource, renderComposer, renderHints } from './composer.ts';
import {
  type Conversations,
  getConversationName,
  isConversationName,
  mainConversation,
  toConversation,
} from './conversations.ts';
import { type DemoScenario, renderScenarios } from './demo-scenarios.ts';
import { renderEntry } from './render-entry.ts';
import { loadOverview, renderOverview } from './sidebar.ts';

export interface ChatPageDeps extends CatalogState {
  readonly runs: Runs;
  readonly commands: readonly CommandSpec[];
  readonly scenarios: readonly DemoScenario[];
  readonly conversations: Conversations;
  readonly runCache: RunCache;
  readonly signer: Signer;
}

const maxNewestRuns = 20;
const mainName = getConversationName(mainConversation);

const toChatUrl = (name: string): string => (name === mainName ? '/' : `/?in=${encodeURIComponent(name)}`);

const renderWelcome = (source: CompletionSource): Html => html`
  <div class="welcome">
    <h2>Deploy with a command</h2>
    <p>Follow the run on its card, review the plan, and approve it. Quarterdeck applies exactly the approved plan.</p>
    ${renderHints(source)}
  </div>`;

const renderConversationLinks = (names: readonly string[], current: string): Html =>
  names.length < 2
    ? nothing
    : html`<nav class="conversations" aria-label="Conversations">${names.map(
        (name) =>
          html`<a href="${toChatUrl(name)}"${name === current ? raw(' aria-current="page"') : nothing}>${name}</a>`,
      )}</nav>`;

/** The start page of a read-only console: the newest runs. */
const loadDashboard = async (
  { runs }: ChatPageDeps,
  catalog: Html,
  overview: readonly Html[],
): Promise<Page> => {
  const newest = await runs.list({ limit: maxNewestRuns });
  const table = html`<div id="runs-table">${renderRunsTable(newest.map(toListedRun), noRunsYet)}</div>`;
  const content = html`${catalog}
  <h1 class="hidden">Overview</h1>
  <div class="chat">
    <section class="talk" aria-labelledby="newest"><h2 id="newest">Newest runs</h2>${table}</section>
    <aside class="sidebar" aria-label="Overview">${overview}</aside>
  </div>`;
  return { title: 'Overview', current: 'chat', content, regions: [catalog, table, ...overview] };
};

/** The start page: the chat, or the dashboard where the viewer can't run commands. */
export const loadChatPage = async (deps: ChatPageDeps, viewer: Viewer, name: string): Promise<Page> => {
  const { runs, conversations, runCache, signer, commands, scenarios } = deps;
  const catalog = renderCatalogNotice(deps);
  const overview = renderOverview(await loadOverview(runs, viewer.person), viewer.person !== null);
  if (viewer.person === null) return loadDashboard(deps, catalog, overview);
  const conversation = toConversation(name);
  const context = { viewer, conversation, back: toChatUrl(name), runCache, signer };
  const entries = conversations
    .list(conversation, viewer.person.id)
    .map((entry) => renderEntry(entry, context));
  const source: CompletionSource = { commands, catalog: deps.getCatalogSummary() };
  const content = html`${catalog}
  <h1 class="hidden">Chat</h1>
  <div class="chat">
    <section class="talk" aria-label="Conversation">
      ${renderConversationLinks(conversations.names().map(getConversationName), name)}
      <ol id="entries" class="entries">${entries}</ol>
      ${renderWelcome(source)}
      ${renderComposer(viewer, conversation, source)}
      <div id="end"></div>
    </section>
    <aside class="sidebar" aria-label="Overview">${overview}${renderScenarios(scenarios)}</aside>
  </div>`;
  return { title: 'Chat', current: 'chat', content, regions: [catalog, ...entries, ...overview] };
};

const readConversationName = ({ query }: Request): string =>
  typeof query.in === 'string' && isConversationName(query.in) ? query.in : mainName;

export const createChatRoute = (deps: ChatPageDeps, access: ViewerAccess, sendPage: SendPage): Router => {
  const router = Router();
  router.get('/', async (request, response) => {
    const viewer = access.resolve(request, response);
    const conversation = readConversationName(request);
    const page = await loadChatPage(deps, viewer, conversation);
    sendPage(request, response, viewer, page, toStreamUrl({ page: 'chat', conversation }));
  });
  return router;
};
