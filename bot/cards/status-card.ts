import type { Card, Section } from './card.ts';
import type { LiveRun } from './live-run.ts';
import { counted, plain, shorten } from './plain.ts';
import { runPlace } from './run-place.ts';
import { statusInWords } from './run-words.ts';
import { shortId } from './short-id.ts';

/** Runs to be listed; `total` may be more than are shown. */
export interface RunGroup {
  readonly title: string;
  readonly runs: readonly LiveRun[];
  readonly total: number;
}

/** "3f2a91 web production: Running (asked by Ada)". */
export const runLine = (run: LiveRun): string => {
  const { view } = run;
  const what = `${shortId(view.workflowId)} ${runPlace(view)}`;
  return `${what}: ${shorten(statusInWords(run), 160)} (asked by ${shorten(view.requestedBy.name, 40)})`;
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
            total > runs.length ? `${counted(total - runs.length, 'more', 'more')} not listed here` : null,
        },
      ];

/** A list of runs; `empty` is said when there is none. */
export const statusCard = (title: string, groups: readonly RunGroup[], empty: string): Card => {
  const sections = groups.flatMap(section);
  const said = groups
    .filter(({ total }) => total > 0)
    .map((group) => `${plain(group.title)}: ${group.total}`);
  const summary = said.length > 0 ? said.join(', ') : empty;
  return {
    title,
    tone: 'neutral',
    summary,
    fields: [],
    sections: sections.length > 0 ? sections : [{ type: 'text', text: empty }],
    buttons: [],
    footer: sections.length > 0 ? 'status <id> shows one run with its plan and its buttons.' : null,
  };
};
