import { plain } from '../bot/cards/plain.ts';
import type { AuditEntry } from '../bot/runs/port.ts';

const detail = ([name, value]: [string, unknown]): string =>
  `${plain(name)}=${plain(typeof value === 'string' ? value : JSON.stringify(value))}`;

/** One line for each thing that somebody did. */
export const renderAudit = (entries: readonly AuditEntry[]): string =>
  entries
    .map(({ at, kind, by, details }) =>
      [
        new Date(at).toISOString(),
        plain(kind),
        by ? plain(by) : '-',
        ...Object.entries(details).map(detail),
      ].join('  '),
    )
    .join('\n');
