import type { ApprovalView, Vote } from '../../../workflows/contract/decision.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { renderTime } from '../layout/time.ts';

/** A part of a run's page. */
export const panel = (id: string, title: string, content: Html): Html => html`
  <section id="${id}" class="panel" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;

/** An empty place that may be filled while the page is open. */
export const emptyPanel = (id: string): Html => html`<section id="${id}" hidden></section>`;

const vote = ({ by, at, reason }: Vote): Html =>
  html`<li><b>${by.name}</b> approved ${renderTime(at, 'clock')}${reason === null ? nothing : html`<br>${reason}`}</li>`;

const outcome = ({ decision }: ApprovalView): Html => {
  if (decision === null) return html`<li>No decision yet</li>`;
  if (decision.outcome === 'denied')
    return html`<li><b>${decision.by.name}</b> denied ${renderTime(decision.at, 'clock')}<br>${decision.reason}</li>`;
  return decision.outcome === 'expired'
    ? html`<li>Nobody decided in time, ${renderTime(decision.at, 'clock')}</li>`
    : nothing;
};

const approvers = (approval: ApprovalView): string =>
  approval.approvers.length === 0 ? 'anybody' : approval.approvers.join(', ');

export const renderDecisions = ({ approval, policy }: RunView): Html => {
  if (approval === null && policy === null) return emptyPanel('run-decisions');
  const asked =
    approval === null
      ? nothing
      : html`<dl class="fields">
        <div><dt>Needs</dt><dd>${approval.required} of ${approvers(approval)}</dd></div>
        <div><dt>Own runs</dt><dd>${approval.selfApproval ? 'may be approved by who asked' : 'somebody else must approve'}</dd></div>
        <div><dt>Expires</dt><dd>${renderTime(approval.expiresAt)}</dd></div>
        <div><dt>Digest</dt><dd class="id">${approval.digest.slice(0, 16)}…</dd></div>
      </dl><ul class="plain-list">${approval.votes.map(vote)}${outcome(approval)}</ul>`;
  const judged =
    policy === null
      ? nothing
      : html`<p class="small">${policy.outcome === 'pass' ? 'The policy has no objection.' : 'The policy objects:'}</p>
        <ul class="plain-list">${policy.violations.map(({ rule, level, message }) => html`<li>${message} <span class="small">${rule}, ${level === 'hard' ? 'cannot be overridden' : 'may be approved'}</span></li>`)}</ul>`;
  return panel('run-decisions', 'Decisions', html`${asked}${judged}`);
};

export const renderOutputs = ({ outputs, image }: RunView): Html => {
  if (outputs.length === 0 && image === null) return emptyPanel('run-outputs');
  return panel(
    'run-outputs',
    'Outputs',
    html`<dl class="fields">
      ${image === null ? nothing : html`<div><dt>image</dt><dd class="id">${image}</dd></div>`}
      ${outputs.map(
        ({ name, sensitive, value }) =>
          html`<div><dt>${name}</dt><dd class="id">${sensitive ? '(sensitive)' : (value ?? '(not shown)')}</dd></div>`,
      )}</dl>`,
  );
};
