import { runStatuses } from '../../../workflows/contract/run-status.ts';
import type { TypedSearch } from '../../runs/search/read-search.ts';
import { type Html, html, nothing, raw } from '../layout/html.ts';
import { statusLabel } from '../layout/icons.ts';

/** What can be chosen from. */
export interface FilterChoices {
  /** Services and stacks. */
  readonly subjects: readonly string[];
  readonly environments: readonly string[];
  readonly people: readonly string[];
}

const select = (
  name: string,
  label: string,
  all: readonly (readonly [string, string])[],
  chosen: string | undefined,
): Html => html`
  <label>${label}
    <select name="${name}">
      <option value="">all</option>
      ${all.map(([value, text]) => html`<option value="${value}"${value === chosen ? raw(' selected') : nothing}>${text}</option>`)}
    </select>
  </label>`;

/** What was typed stays there, although nothing is known of it. */
const pairs = (values: readonly string[], chosen: string | undefined): (readonly [string, string])[] =>
  [...new Set([...values, ...(chosen === undefined ? [] : [chosen])])].sort().map((value) => [value, value]);

const statuses = (chosen: string | undefined): (readonly [string, string])[] => {
  const known = runStatuses.map((status) => [status, statusLabel[status]] as const);
  const isKnown = chosen === undefined || known.some(([status]) => status === chosen);
  return isKnown ? known : [...known, [chosen, chosen]];
};

const time = (name: 'since' | 'until', label: string, typed: TypedSearch, example: string): Html => html`
  <label>${label}<input name="${name}" value="${typed[name] ?? ''}" placeholder="${example}" autocomplete="off" maxlength="40"></label>`;

/** The form above the list; it works without scripts, and its address can be shared. */
export const renderRunFilters = (
  typed: TypedSearch,
  { subjects, environments, people }: FilterChoices,
): Html => html`
  <form class="filters" method="get" action="/runs" aria-label="Which runs to list">
    ${select('status', 'Status', statuses(typed.status), typed.status)}
    ${select('service', 'Service or stack', pairs(subjects, typed.service), typed.service)}
    ${select('environment', 'Environment', pairs(environments, typed.environment), typed.environment)}
    <label>Asked by<input name="requester" value="${typed.requester ?? ''}" placeholder="anybody" list="run-requesters" autocomplete="off" maxlength="200"></label>
    <datalist id="run-requesters">${people.map((id) => html`<option value="${id}"></option>`)}</datalist>
    ${time('since', 'Since', typed, '7d or a day')}
    ${time('until', 'Until', typed, 'a day')}
    <button class="button plain">Show</button>
    ${Object.keys(typed).length === 0 ? nothing : html`<a class="button quiet" href="/runs">Clear</a>`}
  </form>`;
