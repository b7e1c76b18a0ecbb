import { truncateMiddle } from '../../text/plain-text.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { type Html, html } from './html.ts';

const most = 3;

/** Says that the catalog as it is written now does not count; an empty place while it does. */
export const renderCatalogNotice = ({
  catalogProblems = () => [],
  outline,
}: Pick<ConsoleDeps, 'catalogProblems' | 'outline'>): Html => {
  const problems = catalogProblems();
  if (problems.length === 0) return html`<div id="catalog-notice" hidden></div>`;
  const inForce = outline() === null ? 'there is none in force' : 'the last good one is in force';
  const more = problems.length > most ? `; and ${problems.length - most} more` : '';
  const said = problems.slice(0, most).map((problem) => truncateMiddle(problem, 300));
  return html`<div id="catalog-notice" class="notice" role="status">The catalog was refused; ${inForce}: ${said.join('; ')}${more}</div>`;
};
