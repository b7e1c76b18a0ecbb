import { toListedRun } from '../../cards/listed-run.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { Conversations } from '../conversations.ts';
import { conversationOf, nameOfConversation } from '../entry.ts';
import { html } from '../html.ts';
import { renderOverview } from '../render/aside.ts';
import { renderCatalogNotice } from '../render/catalog-notice.ts';
import { renderChat } from '../render/chat-page.ts';
import { renderComposer } from '../render/composer.ts';
import { renderDashboard } from '../render/dashboard.ts';
import { renderEntry } from '../render/entry.ts';
import { noRunsYet } from '../render/runs-page.ts';
import { renderRunsTable } from '../render/runs-table.ts';
import type { Signer } from '../security/sign.ts';
import type { SeenRuns } from '../seen-runs.ts';
import type { Viewer } from '../viewer.ts';
import { loadOverview } from './load-overview.ts';
import type { Page } from './page.ts';

export interface ChatPageDeps
  extends Pick<ConsoleDeps, 'runs' | 'getCatalogSummary' | 'commands' | 'catalogProblems' | 'scenarios'> {
  readonly conversations: Conversations;
  readonly seen: SeenRuns;
  readonly signer: Signer;
}

const newestShown = 20;

/** The first page: the chat where the console is the chat, else what is going on. */
export const loadChat = async (deps: ChatPageDeps, viewer: Viewer, name: string): Promise<Page> => {
  const { runs, conversations, seen, signer, commands, getCatalogSummary: outline, scenarios } = deps;
  const catalog = renderCatalogNotice(deps);
  const overview = renderOverview(await loadOverview(runs, viewer.person), viewer.person !== null);
  if (viewer.person === null) {
    const newest = await runs.list({ limit: newestShown });
    const table = html`<div id="runs-table">${renderRunsTable(newest.map(toListedRun), noRunsYet)}</div>`;
    return {
      title: 'Overview',
      current: 'chat',
      content: html`${catalog}${renderDashboard(table, overview)}`,
      regions: [catalog, table, ...overview],
    };
  }
  const conversation = conversationOf(name);
  const back = name === 'main' ? '/' : `/?in=${encodeURIComponent(name)}`;
  const entries = conversations
    .of(conversation, viewer.person.id)
    .map((entry) => renderEntry(entry, { viewer, conversation, back, seen, signer }));
  const vocabulary = { commands, outline: outline() };
  const names = conversations
    .names()
    .map(nameOfConversation)
    .map((one) => ({ name: one, isCurrent: one === name }));
  const composer = renderComposer(viewer, conversation, vocabulary);
  return {
    title: 'Chat',
    current: 'chat',
    content: html`${catalog}${renderChat({ entries, composer, overview, vocabulary, names, scenarios })}`,
    regions: [catalog, ...entries, ...overview],
  };
};
