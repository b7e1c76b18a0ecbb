import type { Button, Card } from './card.ts';
import type { ListedRun } from './listed-run.ts';
import { counted, shorten } from './plain.ts';
import { shortId } from './short-id.ts';
import { runLine } from './status-card.ts';
import { absoluteTime } from './time.ts';

/** A page of the runs that somebody looked for. */
export interface Found {
  /** "Runs of web that are failed". */
  readonly title: string;
  readonly runs: readonly ListedRun[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  /** What finds the next page after the word `status`; null on the last one. */
  readonly older: string | null;
  /** Temporal did not answer. */
  readonly stale: boolean;
}

const line = ({ workflowId, service, environment, status, requester, askedAt, seen }: ListedRun): string => {
  if (seen !== null) return `${runLine(seen)}, ${absoluteTime(askedAt)}`;
  const place = environment === '' ? service : `${service} in ${environment}`;
  const said = status.replaceAll('_', ' ');
  return `${shortId(workflowId)} ${shorten(place, 120)}: ${said} (asked by ${shorten(requester, 60)}), ${absoluteTime(askedAt)}`;
};

const older = (args: string | null): readonly Button[] =>
  args === null ? [] : [{ kind: 'command', label: 'Older', tone: 'neutral', command: 'status', args }];

const summaryOf = ({ total, page, pages, runs }: Found): string => {
  if (total === 0) return 'No run is like that.';
  if (runs.length === 0)
    return `There is no page ${page}: ${counted(total, 'run')} on ${counted(pages, 'page')}.`;
  return pages > 1 ? `${counted(total, 'run')}, page ${page} of ${pages}` : counted(total, 'run');
};

/** What was found, a page at a time. */
export const foundCard = (found: Found): Card => {
  const { title, runs, stale } = found;
  const summary = summaryOf(found);
  const said = stale
    ? [{ type: 'text', text: 'Temporal does not answer just now. This is what was seen last.' } as const]
    : [];
  return {
    title,
    tone: 'neutral',
    summary,
    fields: [],
    sections: [
      ...said,
      runs.length === 0
        ? { type: 'text', text: summary }
        : { type: 'list', title: summary, lines: runs.map(line), more: null },
    ],
    buttons: older(found.older),
    footer: runs.length === 0 ? null : 'status <id> shows one run with its plan and its buttons.',
  };
};
