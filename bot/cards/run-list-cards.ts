import { pluralize, toPlainText, truncateMiddle } from '../text/plain-text.ts';
import { describeSubject, shortId } from '../text/run-name.ts';
import { describeStatus } from '../text/run-text.ts';
import { formatTime } from '../text/time.ts';
import type { Button, Card, Section } from './card.ts';
import type { ListedRun, LiveRun } from './listed-run.ts';

/** One page of search results. */
export interface SearchResults {
  /** "Runs of web in production, failed". */
  readonly title: string;
  readonly runs: readonly ListedRun[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  /** The arguments of `status` for the next page; null on the last page. */
  readonly older: string | null;
  /** Temporal did not answer, so the results come from the store. */
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
  return `${shortId(workflowId)} ${truncateMiddle(place, 120)}: ${said} (requested by ${truncateMiddle(requester, 60)}), ${formatTime(askedAt)}`;
};

const older = (args: string | null): readonly Button[] =>
  args === null
    ? []
    : [{ kind: 'command', action: 'browse', label: 'Older', tone: 'neutral', command: 'status', args }];

const summaryOf = ({ total, page, pages, runs }: SearchResults): string => {
  if (total === 0) return 'No matching runs.';
  if (runs.length === 0)
    return `Page ${page} doesn't exist (${pluralize(total, 'run')}, ${pluralize(pages, 'page')}).`;
  return pages > 1 ? `${pluralize(total, 'run')}, page ${page} of ${pages}` : pluralize(total, 'run');
};

/** Search results, one page at a time. */
export const searchResultsCard = (found: SearchResults): Card => {
  const { title, runs, stale } = found;
  const summary = summaryOf(found);
  const said = stale
    ? [{ type: 'text', text: "Temporal isn't responding. Results may be outdated." } as const]
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
    footer: runs.length === 0 ? null : 'Type status <id> to show a run with its plan and its buttons.',
  };
};

/** Runs under one title; `total` may be more than `runs` holds. */
export interface RunGroup {
  readonly title: string;
  readonly runs: readonly LiveRun[];
  readonly total: number;
}

/** "3f2a91 web production: Running (requested by Ada)". */
export const runLine = (run: LiveRun): string => {
  const { view } = run;
  const what = `${shortId(view.workflowId)} ${describeSubject(view)}`;
  return `${what}: ${truncateMiddle(describeStatus(run), 160)} (requested by ${truncateMiddle(view.requestedBy.name, 40)})`;
};

const section = ({ title, runs, total }: RunGroup): readonly Section[] =>
  total === 0
    ? []
    : [
        {
          type: 'list',
          title,
          lines: runs.map(runLine),
          more: total > runs.length ? `${pluralize(total - runs.length, 'more', 'more')} not listed` : null,
        },
      ];

/** Lists of runs; `empty` is the text when all of them are empty. */
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
    footer: sections.length > 0 ? 'Type status <id> to show a run with its plan and its buttons.' : null,
  };
};
