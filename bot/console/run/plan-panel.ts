import { describeCounts } from '../../../workflows/contract/plan-counts.ts';
import type { RunPlan } from '../../../workflows/contract/run-view.ts';
import { planSections } from '../../cards/plan-sections.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { renderSection } from '../layout/sections.ts';

/** The beginning of a plan's text; `cut` when there is more. */
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

/** Terraform's own signs stay; the colour only repeats them. */
const line = (text: string): Html => {
  const kind = kinds.find(([pattern]) => pattern.test(text))?.[1];
  return kind === undefined ? html`${text}\n` : html`<span class="line-${kind}">${text}\n</span>`;
};

const whole = (plan: RunPlan, shown: ArtifactPreview | null, href: string): Html => html`
  <details class="plan-text" data-key="text"><summary>Full text of the plan</summary>
    ${
      shown === null
        ? html`<p class="small">The text cannot be read just now.</p>`
        : html`<pre tabindex="0">${shown.text.split('\n').map(line)}</pre>`
    }
    <p class="small">${shown?.isTruncated ? 'This is its beginning. ' : nothing}<a href="${href}">Open the whole text</a> (${plan.text.bytes} bytes)</p>
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

/** What the plan does, in short and in full. */
export const renderPlan = ({ id, title, plan, text, href, listed }: PlanPanel): Html =>
  plan === null
    ? html`<section id="${id}" hidden></section>`
    : html`
  <section id="${id}" class="panel" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="counts">${describeCounts(plan.summary.counts)} <span class="small">digest <span class="id">${plan.digest.slice(0, 16)}…</span></span></p>
    ${listed ? planSections(plan.summary).map((section) => renderSection(section)) : nothing}
    ${whole(plan, text, href)}
  </section>`;
