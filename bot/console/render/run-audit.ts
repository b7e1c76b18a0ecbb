import type { AuditEntry } from '../../runs/port.ts';
import { describeAuditDetails } from '../../text/audit-text.ts';
import { type Html, html, nothing } from '../html.ts';
import { empty, panel } from './run-facts.ts';
import { moment } from './when.ts';

const detail = ({ name, said }: { readonly name: string; readonly said: string }): Html =>
  html`<span class="pair">${name} <b>${said}</b></span> `;

const entry = ({ at, kind, by, details }: AuditEntry): Html => html`
  <li>${moment(at, 'clock')} <b>${kind.replaceAll('_', ' ')}</b>${by === null ? nothing : html` by ${by}`}
  <p class="small">${describeAuditDetails(details).map(detail)}</p></li>`;

/** Who did what, as it was written down. */
export const renderAudit = (entries: readonly AuditEntry[]): Html =>
  entries.length === 0
    ? empty('run-audit')
    : panel('run-audit', 'Audit trail', html`<ol class="audit">${entries.map(entry)}</ol>`);
