import { auditWords } from '../bot/cards/audit-words.ts';
import { plain } from '../bot/cards/plain.ts';
import type { AuditEntry } from '../bot/runs/port.ts';

/** One line for each thing that somebody did. */
export const renderAudit = (entries: readonly AuditEntry[]): string =>
  entries
    .map(({ at, kind, by, details }) =>
      [
        new Date(at).toISOString(),
        plain(kind),
        by ? plain(by) : '-',
        ...auditWords(details).map(({ name, said }) => `${plain(name)}=${plain(said)}`),
      ].join('  '),
    )
    .join('\n');
