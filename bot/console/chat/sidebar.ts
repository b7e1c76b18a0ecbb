import type { AppliedRecord, EnvironmentView, LockRequest } from '../../../workflows/contract/environment.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import { runTitle } from '../../cards/run-card.ts';
import type { LiveRun, Runs } from '../../runs/types.ts';
import { pluralize } from '../../text/plain-text.ts';
import { shortId } from '../../text/run-name.ts';
import { describeStatus, getRunTone, isOver } from '../../text/run-text.ts';
import { type Html, html, nothing, renderTime } from '../layout/html.ts';
import { toneIcon } from '../layout/icons.ts';

const maxShown = 12;

const isWaiting = ({ view }: LiveRun): boolean => view.status === 'awaiting_approval';

/** For a read-only console: all pending approvals, and the other active runs. */
const loadForAll = async (runs: Runs) => {
  const [waiting, open] = await Promise.all([
    runs.list({ open: true, status: 'awaiting_approval', limit: maxShown }),
    runs.list({ open: true, limit: 2 * maxShown }),
  ]);
  return [waiting, open.filter((run) => !isWaiting(run)).slice(0, maxShown)] as const;
};

const loadFor = (runs: Runs, person: Person) =>
  Promise.all([runs.waitingFor(person, maxShown), runs.openForOthers(person, maxShown)]);

/** The data of the sidebar. */
export interface Overview {
  /** The runs that wait for this person's approval; for a read-only console, for any approval. */
  readonly waiting: readonly LiveRun[];
  readonly running: readonly LiveRun[];
  readonly environments: readonly EnvironmentView[];
}

export const loadOverview = async (runs: Runs, person: Person | null): Promise<Overview> => {
  const [[waiting, running], environments] = await Promise.all([
    person === null ? loadForAll(runs) : loadFor(runs, person),
    runs.environments(),
  ]);
  const open = (run: LiveRun) => !isOver(run);
  return { waiting: waiting.filter(open), running: running.filter(open), environments };
};

const renderRunLink = (workflowId: string): Html =>
  html`<a href="${runUrl('', workflowId)}" class="id">${shortId(workflowId)}</a>`;

const renderRun = (live: LiveRun): Html => {
  const { view } = live;
  return html`
  <li class="tone-${getRunTone(live)}">${toneIcon[getRunTone(live)]}<div>
    <a href="${runUrl('', view.workflowId)}">${runTitle(view)}</a>
    <p>${describeStatus(live)}</p>
    <p class="small">requested by ${view.requestedBy.name}, ${renderTime(view.askedAt, 'ago')}</p></div></li>`;
};

const renderGroup = (id: string, title: string, runs: readonly LiveRun[], empty: string): Html => html`
  <section id="${id}" aria-labelledby="${id}-title"${runs.length > 0 ? html` class="some"` : nothing}>
    <h2 id="${id}-title">${title}${runs.length > 0 ? html` <span class="count">${runs.length}</span>` : nothing}</h2>
    ${runs.length === 0 ? html`<p class="empty">${empty}</p>` : html`<ul class="runs-short">${runs.map(renderRun)}</ul>`}
  </section>`;

const renderApplied = (record: AppliedRecord | undefined): Html =>
  record === undefined
    ? html`<p class="small">Nothing deployed yet</p>`
    : html`<p><a href="${runUrl('', record.workflowId)}" class="id">${record.revision.slice(0, 7)}</a>
        <span class="small">by ${record.requestedBy.name}, ${renderTime(record.at, 'ago')}</span></p>`;

const renderLock = (holder: LockRequest | null, waiting: number): Html =>
  holder === null
    ? nothing
    : html`<p class="small">Locked by ${renderRunLink(holder.workflowId)} (${holder.requestedBy.name})${
        waiting > 0 ? `, ${pluralize(waiting, 'run')} queued` : ''
      }</p>`;

const renderEnvironment = (view: EnvironmentView): Html => html`
  <li><p class="place"><b>${view.name}</b> <span>${view.environment ?? 'stack'}</span></p>
    <div>${renderApplied(view.applied[0])}
    ${view.unfinished ? html`<p class="small warn">The last apply was interrupted</p>` : nothing}
    ${renderLock(view.holder, view.waiting.length)}</div></li>`;

/** The regions of the sidebar; each is replaced when it changes. */
export const renderOverview = (
  { waiting, running, environments }: Overview,
  isPersonal: boolean,
): readonly Html[] => [
  isPersonal
    ? renderGroup('waiting', 'Waiting for your approval', waiting, 'No run needs your approval.')
    : renderGroup('waiting', 'Waiting for approval', waiting, 'No run is waiting for approval.'),
  renderGroup('running', 'Active runs', running, 'No active runs.'),
  html`
  <section id="environments" aria-labelledby="environments-title">
    <h2 id="environments-title">Environments</h2>
    ${
      environments.length === 0
        ? html`<p class="empty">Environments appear after the first deployment.</p>`
        : html`<ul class="places">${environments.map(renderEnvironment)}</ul>`
    }
  </section>`,
];
