import type { AuditEntry } from '../bot/runs/port.ts';
import { describeAuditDetails } from '../bot/text/audit-text.ts';
import { toPlainText } from '../bot/text/plain-text.ts';

/** One line for each thing that somebody did. */
export const renderAudit = (entries: readonly AuditEntry[]): string =>
  entries
    .map(({ at, kind, by, details }) =>
      [
        new Date(at).toISOString(),
        toPlainText(kind),
        by ? toPlainText(by) : '-',
        ...describeAuditDetails(details).map(({ name, said }) => `${toPlainText(name)}=${toPlainText(said)}`),
      ].join('  '),
    )
    .join('\n');
