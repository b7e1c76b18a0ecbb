import { runUrl } from '../../cards/run-buttons.ts';
import { runCard } from '../../cards/run-card.ts';
import { pluralize } from '../../text/plain-text.ts';
import { createNonceFor, type FormContext } from '../layout/actions.ts';
import { renderCard } from '../layout/card.ts';
import { type Html, html, nothing, renderTime } from '../layout/html.ts';
import type { RunCache } from '../run-cache.ts';
import type { Signer } from '../security/signer.ts';
import type { Viewer } from '../security/viewer.ts';
import type { Entry, ThreadLine } from './conversations.ts';

/** The card links to the run's page by its title and its footer, so it needs no link button. */
const noLinkButtons = { publicUrl: null } as const;

/** What the entries of a conversation are rendered with. */
export interface EntryContext {
  readonly viewer: Viewer;
  readonly conversation: string;
  /** The page to return to, for browsers without scripts. */
  readonly back: string;
  readonly runCache: RunCache;
  readonly signer: Signer;
}

const renderThreadLine = ({ post, file }: ThreadLine): Html => html`
  <li${post.broadcast ? html` class="loud"` : nothing}><p>${post.text}</p>${
    post.lines === undefined || post.lines.length === 0
      ? nothing
      : html`<pre tabindex="0">${post.lines.join('\n')}</pre>`
  }${file === null ? nothing : html`<p class="file">${file}: see the run’s page</p>`}</li>`;

const renderThread = (lines: readonly ThreadLine[]): Html =>
  lines.length === 0
    ? nothing
    : html`<details class="thread" data-key="thread"><summary>Thread: ${pluralize(lines.length, 'message')}</summary>
        <ul>${lines.map(renderThreadLine)}</ul></details>`;

const toFormContext = (context: EntryContext, entry: Entry): FormContext | null => {
  const { viewer, conversation, back, runCache, signer } = context;
  if (viewer.person === null) return null;
  const run = entry.kind === 'run' ? runCache.get(entry.workflowId) : null;
  return {
    person: viewer.person,
    csrf: viewer.csrf,
    back,
    conversation,
    scope: entry.id,
    nonceOf: createNonceFor(signer, run, entry.kind === 'note' ? entry.id : ''),
  };
};

const renderContent = (entry: Entry, context: EntryContext): Html => {
  const formContext = toFormContext(context, entry);
  switch (entry.kind) {
    case 'command':
      return html`<p class="author"><b>${entry.by.name}</b> ${renderTime(entry.at, 'clock')}</p><p class="typed">${entry.text}</p>`;
    case 'note':
      return renderCard(entry.card, { formContext, heading: 3 });
    case 'run': {
      const run = context.runCache.get(entry.workflowId);
      const card = run === null ? entry.fallback : runCard(run, noLinkButtons);
      if (card === null) return nothing;
      return renderCard(card, {
        formContext,
        heading: 3,
        href: runUrl('', entry.workflowId),
        thread: renderThread(entry.thread),
      });
    }
    default:
      return entry satisfies never;
  }
};

export const renderEntry = (entry: Entry, context: EntryContext): Html =>
  html`<li id="${entry.id}" class="entry ${entry.kind}" data-at="${entry.at}">${renderContent(entry, context)}</li>`;
