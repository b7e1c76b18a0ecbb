import type { Card, CardStage, Section } from '../../cards/card.ts';
import { type Html, html, nothing } from './html.ts';
import { stageIcon, stageStateLabel } from './icons.ts';

const stage = ({ label, state, detail }: CardStage): Html => html`
  <li class="stage is-${state}">${stageIcon[state]}<span class="label">${label}</span>
    <span class="detail">${detail ?? (state === 'running' ? 'running' : '')}<span class="hidden"> (${stageStateLabel[state]})</span></span></li>`;

const counted = (stages: readonly CardStage[], approving: boolean): string => {
  const done = stages.filter(({ state }) => state === 'succeeded').length;
  const now = stages.find(({ state }) => state === 'running' || state === 'failed');
  const said = `${done} of ${stages.length} stages done`;
  return now === undefined || approving ? said : `${said}, ${now.label}: ${stageStateLabel[now.state]}`;
};

/** Open while something happens or has gone wrong, shut when there is nothing to watch. */
const stages = (all: readonly CardStage[], approving: boolean): Html => {
  const watch = !approving && all.some(({ state }) => state === 'running' || state === 'failed');
  return html`
  <details class="stages" data-key="stages"${watch ? html` open` : nothing}>
    <summary>${counted(all, approving)}</summary>
    <ul>${all.map(stage)}</ul>
  </details>`;
};

const list = (section: Extract<Section, { type: 'list' }>): Html => html`
  <div class="list ${section.tone ?? 'neutral'}">
    <p class="list-title">${section.title}</p>
    <ul>${section.lines.map((line) => html`<li>${line}</li>`)}</ul>
    ${section.more === null ? nothing : html`<p class="more">${section.more}</p>`}
  </div>`;

export const renderSection = (section: Section, approving = false): Html => {
  switch (section.type) {
    case 'text':
      return html`<p class="${section.strong ? 'strong' : 'text'}">${section.text}</p>`;
    case 'stages':
      return stages(section.stages, approving);
    case 'list':
      return list(section);
    case 'log':
      return html`<figure class="log"><figcaption>${section.title}</figcaption><pre tabindex="0">${section.lines.join('\n')}</pre></figure>`;
    default:
      return section satisfies never;
  }
};

/** The body of a card. A plan that was applied is collapsed: its warnings need no attention any more. */
export const renderSections = (sections: readonly Section[], { run }: Card): readonly Html[] => {
  const plan = run?.status === 'succeeded' ? sections.filter(({ id }) => id === 'plan') : [];
  const drawn = sections
    .filter((section) => !plan.includes(section))
    .map((section) => renderSection(section, run?.status === 'awaiting_approval'));
  if (plan.length === 0) return drawn;
  const lists = plan.map((section) => renderSection(section));
  return [
    ...drawn,
    html`<details class="done" data-key="plan"><summary>The plan that was applied</summary>${lists}</details>`,
  ];
};
