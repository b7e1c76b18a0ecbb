import { toListedRun } from '../../cards/listed-run.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { html } from '../layout/html.ts';
import type { Page } from '../layout/layout.ts';
import { renderCatalogNotice } from '../layout/layout.ts';
import type { RunCache } from '../run-cache.ts';
import { noRunsYet, renderRunsTable } from '../runs/run-list.ts';
import type { Viewer } from '../security/resolve-viewer.ts';
import type { Signer } from '../security/signer.ts';
import { renderComposer } from './composer.ts';
import type { Conversations } from './conversations.ts';
import { getConversationName, toConversation } from './entry.ts';
import { renderChatPage, renderDashboard } from './render-chat.ts';
import { renderEntry } from './render-entry.ts';
import { loadOverview, renderOverview } from './sidebar.ts';

export interface ChatPageDeps
  extends Pick<ConsoleDeps, 'runs' | 'getCatalogSummary' | 'commands' | 'catalogProblems' | 'scenarios'> {
  readonly conversations: Conversations;
  readonly runCache: RunCache;
  readonly signer: Signer;
}

const maxNewestRuns = 20;

/** The first page: the chat where the console is the chat, else what is going on. */
export const loadChatPage = async (deps: ChatPageDeps, viewer: Viewer, name: string): Promise<Page> => {
  const { runs, conversations, runCache: seen, signer, commands, getCatalogSummary, scenarios } = deps;
  const catalog = renderCatalogNotice(deps);
  const overview = renderOverview(await loadOverview(runs, viewer.person), viewer.person !== null);
  if (viewer.person === null) {
    const newest = await runs.list({ limit: maxNewestRuns });
    const table = html`<div id="runs-table">${renderRunsTable(newest.map(toListedRun), noRunsYet)}</div>`;
    return {
      title: 'Overview',
      current: 'chat',
      content: html`${catalog}${renderDashboard(table, overview)}`,
      regions: [catalog, table, ...overview],
    };
  }
  const conversation = toConversation(name);
  const back = name === 'main' ? '/' : `/?in=${encodeURIComponent(name)}`;
  const entries = conversations
    .list(conversation, viewer.person.id)
    .map((entry) => renderEntry(entry, { viewer, conversation, back, runCache: seen, signer }));
  const vocabulary = { commands, outline: getCatalogSummary() };
  const names = conversations
    .names()
    .map(getConversationName)
    .map((one) => ({ name: one, isCurrent: one === name }));
  const composer = renderComposer(viewer, conversation, vocabulary);
  return {
    title: 'Chat',
    current: 'chat',
    content: html`${catalog}${renderChatPage({ entries, composer, overview, vocabulary, names, scenarios })}`,
    regions: [catalog, ...entries, ...overview],
  };
};
