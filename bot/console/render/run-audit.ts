import type { AuditEntry } from '../../runs/port.ts';
import { type Html, html, nothing } from '../html.ts';
import { empty, panel } from './run-facts.ts';
import { moment } from './when.ts';

const isDigest = /^[0-9a-f]{40,}$/;

/** Facts as people read them; zeros and what is absent say nothing. */
const words = (value: unknown): string => {
  if (typeof value === 'string') return isDigest.test(value) ? `${value.slice(0, 12)}…` : value;
  if (Array.isArray(value)) return value.map(words).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== 0)
    .map(([name, one]) => `${name} ${words(one)}`)
    .join(', ');
};

const isTold = ([name, value]: [string, unknown]): boolean =>
  value !== null && value !== false && value !== '' && name !== 'by';

const detail = ([name, value]: [string, unknown]): Html =>
  html`<span class="pair">${name} <b>${words(value)}</b></span> `;

const entry = ({ at, kind, by, details }: AuditEntry): Html => html`
  <li>${moment(at, 'clock')} <b>${kind.replaceAll('_', ' ')}</b>${by === null ? nothing : html` by ${by}`}
  <p class="small">${Object.entries(details).filter(isTold).map(detail)}</p></li>`;

/** Who did what, as it was written down. */
export const renderAudit = (entries: readonly AuditEntry[]): Html =>
  entries.length === 0
    ? empty('run-audit')
    : panel('run-audit', 'Audit trail', html`<ol class="audit">${entries.map(entry)}</ol>`);
