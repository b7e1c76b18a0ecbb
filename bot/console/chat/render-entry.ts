import { runUrl } from '../../cards/run-buttons.ts';
import { runCard } from '../../cards/run-card.ts';
import type { FormContext } from '../layout/actions.ts';
import { renderCard } from '../layout/card.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { createNonceFor } from '../layout/nonce.ts';
import { renderTime } from '../layout/time.ts';
import type { RunCache } from '../run-cache.ts';
import type { Viewer } from '../security/resolve-viewer.ts';
import type { Signer } from '../security/signer.ts';
import type { Entry, ThreadLine } from './entry.ts';

/** The card's own way to the run's page is its title and the line below. */
const noLinks = { publicUrl: null } as const;

export interface EntryContext {
  readonly viewer: Viewer;
  readonly conversation: string;
  readonly back: string;
  readonly runCache: RunCache;
  readonly signer: Signer;
}

const threadLine = ({ post, file }: ThreadLine): Html => html`
  <li${post.broadcast ? html` class="loud"` : nothing}><p>${post.text}</p>${
    post.lines === undefined || post.lines.length === 0
      ? nothing
      : html`<pre tabindex="0">${post.lines.join('\n')}</pre>`
  }${file === null ? nothing : html`<p class="file">${file}: on the run’s page</p>`}</li>`;

const thread = (lines: readonly ThreadLine[]): Html =>
  lines.length === 0
    ? nothing
    : html`<details class="thread" data-key="thread"><summary>${lines.length === 1 ? 'What happened: 1 line' : `What happened: ${lines.length} lines`}</summary>
        <ul>${lines.map(threadLine)}</ul></details>`;

const toFormContext = (context: EntryContext, entry: Entry): FormContext | null => {
  const { viewer, conversation, back, runCache: seen, signer } = context;
  if (viewer.person === null) return null;
  const run = entry.kind === 'run' ? seen.get(entry.workflowId) : null;
  return {
    person: viewer.person,
    csrf: viewer.csrf,
    back,
    conversation,
    scope: entry.id,
    nonceOf: createNonceFor(signer, run, entry.kind === 'note' ? entry.id : ''),
  };
};

const content = (entry: Entry, context: EntryContext): Html => {
  const press = toFormContext(context, entry);
  switch (entry.kind) {
    case 'said':
      return html`<p class="said"><b>${entry.by.name}</b> ${renderTime(entry.at, 'clock')}</p><p class="words">${entry.words}</p>`;
    case 'note':
      return renderCard(entry.card, { formContext: press, heading: 3 });
    case 'run': {
      const run = context.runCache.get(entry.workflowId);
      const card = run === null ? entry.told : runCard(run, noLinks);
      if (card === null) return nothing;
      return renderCard(card, {
        formContext: press,
        heading: 3,
        href: runUrl('', entry.workflowId),
        thread: thread(entry.thread),
      });
    }
    default:
      return entry satisfies never;
  }
};

export const renderEntry = (entry: Entry, context: EntryContext): Html =>
  html`<li id="${entry.id}" class="entry ${entry.kind}" data-at="${entry.at}">${content(entry, context)}</li>`;
