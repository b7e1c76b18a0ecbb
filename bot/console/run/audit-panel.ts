import type { AuditEntry } from '../../runs/port.ts';
import { describeAuditDetails } from '../../text/audit-text.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { renderTime } from '../layout/time.ts';
import { emptyPanel, panel } from './facts-panels.ts';

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
