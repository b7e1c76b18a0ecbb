import { describeCounts } from '../../../workflows/contract/plan-counts.ts';
import type { RunPlan } from '../../../workflows/contract/run-view.ts';
import { planSections } from '../../cards/plan-sections.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { renderSection } from '../layout/sections.ts';

/** The beginning of a text; `isTruncated` when there is more. */
export interface ArtifactPreview {
  readonly text: string;
  readonly isTruncated: boolean;
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^\s*(-\/\+|\+\/-)/, 'replace'],
  [/^\s*\+/, 'add'],
  [/^\s*-/, 'destroy'],
  [/^\s*~/, 'change'],
];

/** Terraform's own symbols stay; the color repeats them. */
const renderLine = (text: string): Html => {
  const kind = kinds.find(([pattern]) => pattern.test(text))?.[1];
  return kind === undefined ? html`${text}\n` : html`<span class="line-${kind}">${text}\n</span>`;
};

const renderFullText = (plan: RunPlan, shown: ArtifactPreview | null, href: string): Html => html`
  <details class="plan-text" data-key="text"><summary>Full plan</summary>
    ${
      shown === null
        ? html`<p class="small">The plan can’t be shown: artifact storage is unavailable.</p>`
        : html`<pre tabindex="0">${shown.text.split('\n').map(renderLine)}</pre>`
    }
    <p class="small">${shown?.isTruncated ? 'Only the beginning is shown. ' : nothing}<a href="${href}">Open the full plan</a> (${plan.text.bytes} bytes)</p>
  </details>`;

export interface PlanPanel {
  readonly id: 'run-plan' | 'run-remaining';
  readonly title: string;
  readonly plan: RunPlan | null;
  readonly text: ArtifactPreview | null;
  readonly href: string;
  /** False where the card shows the changes already. */
  readonly listed: boolean;
}

/** A plan: its counts, its changes and its full text. */
export const renderPlan = ({ id, title, plan, text, href, listed }: PlanPanel): Html =>
  plan === null
    ? html`<section id="${id}" hidden></section>`
    : html`
  <section id="${id}" class="panel" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="counts">${describeCounts(plan.summary.counts)} <span class="small">digest <span class="id">${plan.digest.slice(0, 16)}…</span></span></p>
    ${listed ? planSections(plan.summary).map((section) => renderSection(section)) : nothing}
    ${renderFullText(plan, text, href)}
  </section>`;
