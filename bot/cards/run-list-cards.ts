import { pluralize, toPlainText, truncateMiddle } from '../text/plain-text.ts';
import { describeSubject, shortId } from '../text/run-name.ts';
import { describeStatus } from '../text/run-text.ts';
import { formatTime } from '../text/time.ts';
import type { Button, Card, Section } from './card.ts';
import type { ListedRun, LiveRun } from './listed-run.ts';

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

/** Runs to be listed; `total` may be more than are shown. */
export interface RunGroup {
  readonly title: string;
  readonly runs: readonly LiveRun[];
  readonly total: number;
}

/** "3f2a91 web production: Running (asked by Ada)". */
export const runLine = (run: LiveRun): string => {
  const { view } = run;
  const what = `${shortId(view.workflowId)} ${describeSubject(view)}`;
  return `${what}: ${truncateMiddle(describeStatus(run), 160)} (asked by ${truncateMiddle(view.requestedBy.name, 40)})`;
};

const section = ({ title, runs, total }: RunGroup): readonly Section[] =>
  total === 0
    ? []
    : [
        {
          type: 'list',
          title,
          lines: runs.map(runLine),
          more:
            total > runs.length ? `${pluralize(total - runs.length, 'more', 'more')} not listed here` : null,
        },
      ];

/** A list of runs; `empty` is said when there is none. */
export const statusCard = (title: string, groups: readonly RunGroup[], empty: string): Card => {
  const sections = groups.flatMap(section);
  const said = groups
    .filter(({ total }) => total > 0)
    .map((group) => `${toPlainText(group.title)}: ${group.total}`);
  const summary = said.length > 0 ? said.join(', ') : empty;
  return {
    kind: 'list',
    title,
    tone: 'neutral',
    summary,
    fields: [],
    sections: sections.length > 0 ? sections : [{ type: 'text', text: empty }],
    buttons: [],
    footer: sections.length > 0 ? 'status <id> shows one run with its plan and its buttons.' : null,
  };
};
