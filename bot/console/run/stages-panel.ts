import type { StageView } from '../../../workflows/contract/stage.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { LiveRun } from '../../runs/types.ts';
import { isOver, stageLabels } from '../../text/run-text.ts';
import { type Html, html, nothing, renderDuration } from '../layout/html.ts';
import { stageIcon, stageStateLabel } from '../layout/icons.ts';

const renderLines = (lines: readonly string[]): Html => html`<pre tabindex="0">${lines.join('\n')}</pre>`;

const renderTail = (stage: StageView, run: LiveRun): Html => {
  const live = run.live[stage.name]?.lines ?? [];
  if (stage.state === 'running')
    return live.length === 0 ? nothing : html`<div class="tail live">${renderLines(live)}</div>`;
  if (stage.tail.length === 0) return nothing;
  return html`<details class="tail" data-key="tail"${stage.state === 'failed' ? html` open` : nothing}>
    <summary>Last lines</summary>${renderLines(stage.tail)}</details>`;
};

const toProgress = (stage: StageView, run: LiveRun): string | null => {
  const live = run.live[stage.name];
  return stage.state === 'running' && live?.done != null && live.total != null
    ? `${live.done} of ${live.total}`
    : stage.detail;
};

const renderStage = (view: StageView, run: LiveRun): Html => {
  const { workflowId } = run.view;
  const state = run.externalEnd !== null && view.state === 'running' ? 'cancelled' : view.state;
  const detail = toProgress(view, run);
  const attempt = view.attempt > 1 ? html` <span class="small">attempt ${view.attempt}</span>` : nothing;
  return html`
  <li class="stage is-${state}" data-key="${view.name}">
    ${stageIcon[state]}
    <div class="stage-body">
      <p class="stage-line"><span class="label">${stageLabels[view.name]}${attempt}</span>
        <span class="small">${state === 'succeeded' && detail !== null ? html`<span class="hidden">${stageStateLabel[state]}</span>` : stageStateLabel[state]}</span>
        ${detail === null ? nothing : html`<span class="detail">${detail}</span>`}
        <span class="took">${view.startedAt === null || (state === 'cancelled' && view.endedAt === null) ? nothing : renderDuration(view.startedAt, view.endedAt)}</span>
        ${view.log === null ? nothing : html`<a class="file" href="${runUrl('', workflowId)}/logs/${view.name}">Log<span class="hidden"> of ${stageLabels[view.name]}</span></a>`}</p>
      ${renderTail({ ...view, state }, run)}
    </div>
  </li>`;
};

/** The stages with their durations and the last lines of their logs. */
export const renderStages = (run: LiveRun): Html => html`
  <section id="run-stages" class="panel" aria-labelledby="run-stages-title">
    <h2 id="run-stages-title">Stages</h2>
    ${isOver(run) ? nothing : html`<progress max="100" value="${run.view.progress}" aria-label="Progress of the run">${run.view.progress}%</progress>`}
    <ol class="stage-list">${run.view.stages.map((view) => renderStage(view, run))}</ol>
  </section>`;
