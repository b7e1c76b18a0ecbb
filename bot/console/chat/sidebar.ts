import type { AppliedRecord, EnvironmentView, LockRequest } from '../../../workflows/contract/environment.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import { runTitle } from '../../cards/run-card.ts';
import type { LiveRun, Runs } from '../../runs/port.ts';
import { pluralize } from '../../text/plain-text.ts';
import { describeStatus, getRunTone, isOver } from '../../text/run-text.ts';
import { shortId } from '../../text/short-id.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { toneIcon } from '../layout/icons.ts';
import { renderTime } from '../layout/time.ts';

const maxShown = 12;

const isWaiting = ({ view }: LiveRun): boolean => view.status === 'awaiting_approval';

/** For nobody in particular: what waits for anybody, and the rest. */
const loadForAll = async (runs: Runs) => {
  const [waiting, open] = await Promise.all([
    runs.list({ open: true, status: 'awaiting_approval', limit: maxShown }),
    runs.list({ open: true, limit: 2 * maxShown }),
  ]);
  return [waiting, open.filter((run) => !isWaiting(run)).slice(0, maxShown)] as const;
};

const loadFor = (runs: Runs, person: Person) =>
  Promise.all([runs.waitingFor(person, maxShown), runs.openBesides(person, maxShown)]);

/** What waits, what runs, and what is deployed where. */
export const loadOverview = async (runs: Runs, person: Person | null): Promise<Overview> => {
  const [[waiting, running], environments] = await Promise.all([
    person === null ? loadForAll(runs) : loadFor(runs, person),
    runs.environments(),
  ]);
  const open = (run: LiveRun) => !isOver(run);
  return { waiting: waiting.filter(open), running: running.filter(open), environments };
};

/** What stands beside the chat. */
export interface Overview {
  readonly waiting: readonly LiveRun[];
  readonly running: readonly LiveRun[];
  readonly environments: readonly EnvironmentView[];
}

const runLink = (workflowId: string): Html =>
  html`<a href="${runUrl('', workflowId)}" class="id">${shortId(workflowId)}</a>`;

const run = (live: LiveRun): Html => {
  const { view } = live;
  return html`
  <li class="tone-${getRunTone(live)}">${toneIcon[getRunTone(live)]}<div>
    <a href="${runUrl('', view.workflowId)}">${runTitle(view)}</a>
    <p>${describeStatus(live)}</p>
    <p class="small">asked by ${view.requestedBy.name}, ${renderTime(view.askedAt, 'ago')}</p></div></li>`;
};

const group = (id: string, title: string, runs: readonly LiveRun[], empty: string): Html => html`
  <section id="${id}" aria-labelledby="${id}-title"${runs.length > 0 ? html` class="some"` : nothing}>
    <h2 id="${id}-title">${title}${runs.length > 0 ? html` <span class="count">${runs.length}</span>` : nothing}</h2>
    ${runs.length === 0 ? html`<p class="empty">${empty}</p>` : html`<ul class="runs-short">${runs.map(run)}</ul>`}
  </section>`;

const applied = (record: AppliedRecord | undefined): Html =>
  record === undefined
    ? html`<p class="small">Nothing deployed yet</p>`
    : html`<p><a href="${runUrl('', record.workflowId)}" class="id">${record.revision.slice(0, 7)}</a>
        <span class="small">by ${record.requestedBy.name}, ${renderTime(record.at, 'ago')}</span></p>`;

const held = (holder: LockRequest | null, waiting: number): Html =>
  holder === null
    ? nothing
    : html`<p class="small">${runLink(holder.workflowId)} of ${holder.requestedBy.name} has it${
        waiting > 0 ? `, ${pluralize(waiting, 'run waits', 'runs wait')}` : ''
      }</p>`;

const environment = (view: EnvironmentView): Html => html`
  <li><p class="place"><b>${view.name}</b> <span>${view.environment ?? 'stack'}</span></p>
    <div>${applied(view.applied[0])}
    ${view.unfinished ? html`<p class="small warn">The last apply was cut short</p>` : nothing}
    ${held(view.holder, view.waiting.length)}</div></li>`;

/** Each region as it is replaced when something changes. */
export const renderOverview = (
  { waiting, running, environments }: Overview,
  forYou: boolean,
): readonly Html[] => [
  forYou
    ? group('waiting', 'Waiting for you', waiting, 'Nothing waits for you.')
    : group('waiting', 'Waiting for a decision', waiting, 'Nothing waits for a decision.'),
  group('running', 'Under way', running, 'Nothing is running.'),
  html`
  <section id="environments" aria-labelledby="environments-title">
    <h2 id="environments-title">Environments</h2>
    ${
      environments.length === 0
        ? html`<p class="empty">They appear with the first deployment.</p>`
        : html`<ul class="places">${environments.map(environment)}</ul>`
    }
  </section>`,
];
