import type { Card, CardStage, Section } from '../../cards/card.ts';
import { type Html, html, nothing } from './html.ts';
import { stageIcon, stageStateLabel } from './icons.ts';

const renderStage = ({ label, state, detail }: CardStage): Html => html`
  <li class="stage is-${state}">${stageIcon[state]}<span class="label">${label}</span>
    <span class="detail">${detail ?? (state === 'running' ? 'running' : '')}<span class="hidden"> (${stageStateLabel[state]})</span></span></li>`;

const isNotable = ({ state }: CardStage): boolean => state === 'running' || state === 'failed';

const summarizeStages = (stages: readonly CardStage[], isWaiting: boolean): string => {
  const done = stages.filter(({ state }) => state === 'succeeded').length;
  const current = stages.find(isNotable);
  const count = `${done} of ${stages.length} stages done`;
  return current === undefined || isWaiting
    ? count
    : `${count}, ${current.label}: ${stageStateLabel[current.state]}`;
};

/** Open while a stage runs or has failed; closed while the run waits for approval and after it ends. */
const renderStages = (stages: readonly CardStage[], isWaiting: boolean): Html => html`
  <details class="stages" data-key="stages"${!isWaiting && stages.some(isNotable) ? html` open` : nothing}>
    <summary>${summarizeStages(stages, isWaiting)}</summary>
    <ul>${stages.map(renderStage)}</ul>
  </details>`;

const renderList = (section: Extract<Section, { type: 'list' }>): Html => html`
  <div class="list ${section.tone ?? 'neutral'}">
    <p class="list-title">${section.title}</p>
    <ul>${section.lines.map((line) => html`<li>${line}</li>`)}</ul>
    ${section.more === null ? nothing : html`<p class="more">${section.more}</p>`}
  </div>`;

export const renderSection = (section: Section, isWaiting = false): Html => {
  switch (section.type) {
    case 'text':
      return html`<p class="${section.strong ? 'strong' : 'text'}">${section.text}</p>`;
    case 'stages':
      return renderStages(section.stages, isWaiting);
    case 'list':
      return renderList(section);
    case 'log':
      return html`<figure class="log"><figcaption>${section.title}</figcaption><pre tabindex="0">${section.lines.join('\n')}</pre></figure>`;
    default:
      return section satisfies never;
  }
};

/** The body of a card. An applied plan is collapsed: its warnings need no attention any more. */
export const renderSections = (sections: readonly Section[], { run }: Card): readonly Html[] => {
  const plan = run?.status === 'succeeded' ? sections.filter(({ id }) => id === 'plan') : [];
  const shown = sections
    .filter((section) => !plan.includes(section))
    .map((section) => renderSection(section, run?.status === 'awaiting_approval'));
  if (plan.length === 0) return shown;
  const lists = plan.map((section) => renderSection(section));
  return [
    ...shown,
    html`<details class="done" data-key="plan"><summary>Applied plan</summary>${lists}</details>`,
  ];
};
