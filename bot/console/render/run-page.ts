import type { Section } from '../../cards/card.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import { runCard } from '../../cards/run-card.ts';
import type { AuditEntry, LiveRun, RunAttribute } from '../../runs/port.ts';
import { type Html, html, nothing } from '../html.ts';
import type { Pressable } from './actions.ts';
import { renderCard } from './card.ts';
import { renderAttributes } from './run-attributes.ts';
import { renderAudit } from './run-audit.ts';
import { renderDecisions, renderOutputs } from './run-facts.ts';
import { type PlanText, renderPlan } from './run-plan.ts';
import { renderStages } from './run-stages.ts';
import { renderTimeline } from './run-timeline.ts';

export interface RunPage {
  readonly run: LiveRun;
  /** Temporal did not answer, so this is what was seen last. */
  readonly stale: boolean;
  readonly audit: readonly AuditEntry[];
  readonly attributes: readonly RunAttribute[] | null;
  readonly planText: PlanText | null;
  readonly remainingText: PlanText | null;
  readonly press: Pressable | null;
  readonly temporalUrl: string | null;
}

/** Who is to decide sees the plan above the buttons; later it has a place of its own. */
const isShown = ({ view }: LiveRun, section: Section): boolean => {
  if (section.type === 'stages') return false;
  if (view.status === 'awaiting_approval' || section.type !== 'list') return true;
  return section.title === 'Policy';
};

const head = ({ run, press }: RunPage): Html => {
  const card = runCard(run, { publicUrl: null });
  const short = { ...card, sections: card.sections.filter((section) => isShown(run, section)) };
  return html`<div id="run-card">${renderCard(short, { press, heading: 1 })}</div>`;
};

const left = (page: RunPage): readonly Html[] => {
  const { view } = page.run;
  const base = runUrl('', view.workflowId);
  return [
    html`<p id="run-stale" class="notice"${page.stale ? nothing : html` hidden`}>Temporal does not answer just now. This is what was seen last.</p>`,
    head(page),
    renderPlan({
      id: 'run-remaining',
      title: 'Still to do',
      plan: view.remaining,
      text: page.remainingText,
      href: `${base}/remaining`,
      listed: true,
    }),
    renderPlan({
      id: 'run-plan',
      title: 'Plan',
      plan: view.plan,
      text: page.planText,
      href: `${base}/plan`,
      listed: view.status !== 'awaiting_approval',
    }),
    renderStages(page.run),
  ];
};

const right = ({ run, audit, attributes }: RunPage): readonly Html[] => [
  renderTimeline(run),
  renderDecisions(run.view),
  renderOutputs(run.view),
  renderAttributes(attributes),
  renderAudit(audit),
];

/** Each part as it is replaced when something changes. */
export const runRegions = (page: RunPage): readonly Html[] => [...left(page), ...right(page)];

export const renderRun = (page: RunPage): Html => html`
  <div class="run-page">
    <nav class="crumbs" aria-label="Where this is"><a href="/runs">Runs</a> <span aria-hidden="true">/</span> <span class="id">${page.run.view.workflowId}</span>
      ${page.temporalUrl === null ? nothing : html`<a class="outside" href="${page.temporalUrl}" rel="noreferrer">Open in Temporal</a>`}</nav>
    <div class="run-main">${left(page)}</div>
    <div class="run-side">${right(page)}</div>
  </div>`;
