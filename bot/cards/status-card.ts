import { pluralize, toPlainText, truncateMiddle } from '../text/plain-text.ts';
import { describeSubject } from '../text/run-subject.ts';
import { describeStatus } from '../text/run-text.ts';
import { shortId } from '../text/short-id.ts';
import type { Card, Section } from './card.ts';
import type { LiveRun } from './live-run.ts';

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
