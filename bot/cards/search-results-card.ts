import { pluralize, truncateMiddle } from '../text/plain-text.ts';
import { describeSubject } from '../text/run-subject.ts';
import { shortId } from '../text/short-id.ts';
import { formatTime } from '../text/time.ts';
import type { Button, Card } from './card.ts';
import type { ListedRun } from './listed-run.ts';
import { runLine } from './status-card.ts';

/** A page of the runs that somebody looked for. */
export interface SearchResults {
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

const line = ({
  workflowId,
  name,
  environment,
  status,
  requester,
  askedAt,
  snapshot: seen,
}: ListedRun): string => {
  if (seen !== null) return `${runLine(seen)}, ${formatTime(askedAt)}`;
  const place = environment === '' ? name : describeSubject({ name, environment });
  const said = status.replaceAll('_', ' ');
  return `${shortId(workflowId)} ${truncateMiddle(place, 120)}: ${said} (asked by ${truncateMiddle(requester, 60)}), ${formatTime(askedAt)}`;
};

const older = (args: string | null): readonly Button[] =>
  args === null
    ? []
    : [{ kind: 'command', action: 'browse', label: 'Older', tone: 'neutral', command: 'status', args }];

const summaryOf = ({ total, page, pages, runs }: SearchResults): string => {
  if (total === 0) return 'No run is like that.';
  if (runs.length === 0)
    return `There is no page ${page}: ${pluralize(total, 'run')} on ${pluralize(pages, 'page')}.`;
  return pages > 1 ? `${pluralize(total, 'run')}, page ${page} of ${pages}` : pluralize(total, 'run');
};

/** What was found, a page at a time. */
export const searchResultsCard = (found: SearchResults): Card => {
  const { title, runs, stale } = found;
  const summary = summaryOf(found);
  const said = stale
    ? [{ type: 'text', text: 'Temporal does not answer just now. This is what was seen last.' } as const]
    : [];
  return {
    kind: 'list',
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
