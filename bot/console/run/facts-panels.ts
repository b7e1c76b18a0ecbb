import type { ApprovalView, Vote } from '../../../workflows/contract/decision.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import type { AuditEntry, RunAttribute } from '../../runs/port.ts';
import { describeAuditDetails } from '../../text/audit-text.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { renderTime } from '../layout/time.ts';

const detail = ({ name, said }: { readonly name: string; readonly said: string }): Html =>
  html`<span class="pair">${name} <b>${said}</b></span> `;

const entry = ({ at, kind, by, details }: AuditEntry): Html => html`
  <li>${renderTime(at, 'clock')} <b>${kind.replaceAll('_', ' ')}</b>${by === null ? nothing : html` by ${by}`}
  <p class="small">${describeAuditDetails(details).map(detail)}</p></li>`;

/** Who did what, as it was written down. */
export const renderAudit = (entries: readonly AuditEntry[]): Html =>
  entries.length === 0
    ? emptyPanel('run-audit')
    : panel('run-audit', 'Audit trail', html`<ol class="audit">${entries.map(entry)}</ol>`);

/** What the run is found by in Temporal; null while Temporal does not answer. */
export const renderAttributes = (attributes: readonly RunAttribute[] | null): Html =>
  attributes === null || attributes.length === 0
    ? emptyPanel('run-attributes')
    : panel(
        'run-attributes',
        'Search attributes',
        html`<dl class="fields stacked">
      ${attributes.map(({ name, value }) => html`<div><dt class="id">${name}</dt><dd class="id">${value}</dd></div>`)}</dl>`,
      );

/** A part of a run's page. */
const panel = (id: string, title: string, content: Html): Html => html`
  <section id="${id}" class="panel" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;

/** An empty place that may be filled while the page is open. */
const emptyPanel = (id: string): Html => html`<section id="${id}" hidden></section>`;

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
