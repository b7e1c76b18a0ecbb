import type { Section } from '../../cards/card.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import { runCard } from '../../cards/run-card.ts';
import type { AuditEntry, LiveRun, RunAttribute } from '../../runs/types.ts';
import type { FormContext } from '../layout/actions.ts';
import { renderCard } from '../layout/card.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { renderAttributes, renderAudit, renderDecisions, renderOutputs } from './facts-panels.ts';
import { type ArtifactPreview, renderPlan } from './plan-panel.ts';
import { renderStages } from './stages-panel.ts';
import { renderTimeline } from './timeline-panel.ts';

/** What the page of a run shows. */
export interface RunPageView {
  readonly run: LiveRun;
  /** Temporal is not responding; the page shows the last known state. */
  readonly stale: boolean;
  readonly audit: readonly AuditEntry[];
  readonly attributes: readonly RunAttribute[] | null;
  readonly planText: ArtifactPreview | null;
  readonly remainingText: ArtifactPreview | null;
  readonly formContext: FormContext | null;
  readonly temporalUrl: string | null;
}

/** The head shows the plan until the decision. After it, only the policy violations stay: the plan has its own panel. */
const isShown = ({ view }: LiveRun, section: Section): boolean => {
  if (section.type === 'stages') return false;
  if (view.status === 'awaiting_approval' || section.type !== 'list') return true;
  return section.id === 'policy';
};

const renderHead = ({ run, formContext }: RunPageView): Html => {
  const card = runCard(run, { publicUrl: null });
  const short = { ...card, sections: card.sections.filter((section) => isShown(run, section)) };
  return html`<div id="run-card">${renderCard(short, { formContext, heading: 1 })}</div>`;
};

const renderMain = (page: RunPageView): readonly Html[] => {
  const { view } = page.run;
  const base = runUrl('', view.workflowId);
  return [
    html`<p id="run-stale" class="notice"${page.stale ? nothing : html` hidden`}>Temporal isn’t responding. Showing the last known state.</p>`,
    renderHead(page),
    renderPlan({
      id: 'run-remaining',
      title: 'Remaining changes',
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

const renderSide = ({ run, audit, attributes }: RunPageView): readonly Html[] => [
  renderTimeline(run),
  renderDecisions(run.view),
  renderOutputs(run.view),
  renderAttributes(attributes),
  renderAudit(audit),
];

/** The regions of the page; each is replaced when it changes. */
export const runRegions = (page: RunPageView): readonly Html[] => [...renderMain(page), ...renderSide(page)];

export const renderRunPage = (page: RunPageView): Html => html`
  <div class="run-page">
    <nav class="crumbs" aria-label="Breadcrumb"><a href="/runs">Runs</a> <span aria-hidden="true">/</span> <span class="id">${page.run.view.workflowId}</span>
      ${page.temporalUrl === null ? nothing : html`<a class="outside" href="${page.temporalUrl}" rel="noreferrer">Open in Temporal</a>`}</nav>
    <div class="run-main">${renderMain(page)}</div>
    <div class="run-side">${renderSide(page)}</div>
  </div>`;
