import type { ParseArgsOptionsConfig } from 'node:util';
import { searchResultsCard } from '../cards/run-list-cards.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import { parseSearch, type SearchInput } from '../runs/search/parse-search.ts';
import type { CommandDeps } from './command.ts';
import { type ParsedArgs, usageError } from './handling/args.ts';
import type { CommandSpec } from './spec.ts';

/** The filters of a search. */
export const searchOptions = {
  status: { type: 'string' },
  environment: { type: 'string' },
  by: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  page: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

const pageSize = 10;

/** The search as typed; `--by me` is the sender. */
const typedIn = (call: Invocation, values: ParsedArgs['values'], service: string | null): SearchInput => {
  const { by, ...rest } = values as Record<string, string | undefined>;
  const requester = by?.toLowerCase() === 'me' ? call.actor.id : by;
  return {
    ...rest,
    ...(service === null ? {} : { service }),
    ...(requester === undefined ? {} : { requester }),
  };
};

const titleOf = ({ service, environment, status, requester, since, until }: SearchInput): string => {
  const what = service === undefined ? 'Runs' : `Runs of ${service}`;
  return [
    environment === undefined ? what : `${what} in ${environment}`,
    ...(status === undefined ? [] : [status.replaceAll('_', ' ')]),
    ...(requester === undefined ? [] : [`requested by ${requester}`]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ].join(', ');
};

/** Quotes a value with a space in it, so that the next page parses it as one. */
const quote = (value: string): string => (/\s/.test(value) ? `"${value}"` : value);

const nextPage = (values: ParsedArgs['values'], service: string | null, page: number): string => {
  const options = Object.entries({ ...values, page: String(page) });
  const typed = options.map(([name, value]) => `--${name} ${quote(String(value))}`);
  return [...(service === null ? [] : [service]), ...typed].join(' ');
};

/** Searches runs through Temporal's list. */
export const createStatusSearch =
  ({ parts }: CommandDeps, spec: CommandSpec) =>
  async (call: Invocation, values: ParsedArgs['values'], service: string | null): Promise<Reply> => {
    const typed = typedIn(call, values, service);
    const read = parseSearch(typed, pageSize, Date.now());
    if ('problem' in read) throw usageError(spec, read.problem);
    const { search } = read;
    const found = await parts.runs.search(search);
    const seen = await parts.refreshRuns(found.runs.flatMap((run) => run.snapshot ?? []));
    const fresh = new Map(seen.map((run) => [run.view.workflowId, run]));
    const pages = Math.max(1, Math.ceil(found.total / pageSize));
    const card = searchResultsCard({
      ...found,
      title: titleOf(typed),
      runs: found.runs.map((run) => ({ ...run, seen: fresh.get(run.workflowId) ?? run.snapshot })),
      page: search.page,
      pages,
      older: search.page < pages ? nextPage(values, service, search.page + 1) : null,
    });
    return { card, outcome: 'listing', visibility: 'ephemeral' };
  };
