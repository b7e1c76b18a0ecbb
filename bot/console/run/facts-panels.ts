import type { ApprovalView, Vote } from '../../../workflows/contract/decision.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import type { AuditEntry, RunAttribute } from '../../runs/types.ts';
import { describeAuditDetails, describeAuditKind } from '../../text/audit-text.ts';
import { type Html, html, nothing, renderTime } from '../layout/html.ts';

const renderPanel = (id: string, title: string, content: Html): Html => html`
  <section id="${id}" class="panel" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;

/** A hidden panel that a live update can fill. */
const renderEmptyPanel = (id: string): Html => html`<section id="${id}" hidden></section>`;

const renderVote = ({ by, at, reason }: Vote): Html =>
  html`<li><b>${by.name}</b> approved ${renderTime(at, 'clock')}${reason === null ? nothing : html`<br>${reason}`}</li>`;

const renderOutcome = ({ decision }: ApprovalView): Html => {
  if (decision === null) return html`<li>No decision yet</li>`;
  if (decision.outcome === 'denied')
    return html`<li><b>${decision.by.name}</b> denied ${renderTime(decision.at, 'clock')}<br>${decision.reason}</li>`;
  return decision.outcome === 'expired'
    ? html`<li>Approval expired ${renderTime(decision.at, 'clock')}</li>`
    : nothing;
};

const renderApproval = (approval: ApprovalView): Html => html`<dl class="fields">
        <div><dt>Required</dt><dd>${approval.required} of ${approval.approvers.length === 0 ? 'anyone' : approval.approvers.join(', ')}</dd></div>
        <div><dt>Self-approval</dt><dd>${approval.selfApproval ? 'allowed' : 'not allowed'}</dd></div>
        <div><dt>Expires</dt><dd>${renderTime(approval.expiresAt)}</dd></div>
        <div><dt>Digest</dt><dd class="id">${approval.digest.slice(0, 16)}…</dd></div>
      </dl><ul class="plain-list">${approval.votes.map(renderVote)}${renderOutcome(approval)}</ul>`;

const renderPolicy = (policy: NonNullable<RunView['policy']>): Html =>
  html`<p class="small">${policy.outcome === 'pass' ? 'Policy check passed.' : 'Policy violations:'}</p>
        <ul class="plain-list">${policy.violations.map(({ rule, level, message }) => html`<li>${message} <span class="small">${rule}, ${level === 'hard' ? 'cannot be overridden' : 'an approver can override it'}</span></li>`)}</ul>`;

export const renderDecisions = ({ approval, policy }: RunView): Html =>
  approval === null && policy === null
    ? renderEmptyPanel('run-decisions')
    : renderPanel(
        'run-decisions',
        'Decisions',
        html`${approval === null ? nothing : renderApproval(approval)}${policy === null ? nothing : renderPolicy(policy)}`,
      );

export const renderOutputs = ({ outputs, image }: RunView): Html => {
  if (outputs.length === 0 && image === null) return renderEmptyPanel('run-outputs');
  return renderPanel(
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

/** The run's search attributes in Temporal; null while Temporal is not responding. */
export const renderAttributes = (attributes: readonly RunAttribute[] | null): Html =>
  attributes === null || attributes.length === 0
    ? renderEmptyPanel('run-attributes')
    : renderPanel(
        'run-attributes',
        'Search attributes',
        html`<dl class="fields stacked">
      ${attributes.map(({ name, value }) => html`<div><dt class="id">${name}</dt><dd class="id">${value}</dd></div>`)}</dl>`,
      );

const renderAuditEntry = ({ at, kind, by, details }: AuditEntry): Html => html`
  <li>${renderTime(at, 'clock')} <b>${describeAuditKind(kind)}</b>${by === null ? nothing : html` by ${by}`}
  <p class="small">${describeAuditDetails(details).map(({ name, value }) => html`<span class="pair">${name} <b>${value}</b></span> `)}</p></li>`;

export const renderAudit = (entries: readonly AuditEntry[]): Html =>
  entries.length === 0
    ? renderEmptyPanel('run-audit')
    : renderPanel('run-audit', 'Audit trail', html`<ol class="audit">${entries.map(renderAuditEntry)}</ol>`);
