import { truncateMiddle } from '../../text/plain-text.ts';
import type { AssetUrls } from '../assets.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { Viewer } from '../security/resolve-viewer.ts';
import { formFields } from './actions.ts';
import { type Html, html, nothing, raw } from './html.ts';

const most = 3;

/** Says that the catalog as it is written now does not count; an empty place while it does. */
export const renderCatalogNotice = ({
  catalogProblems = () => [],
  getCatalogSummary,
}: Pick<ConsoleDeps, 'catalogProblems' | 'getCatalogSummary'>): Html => {
  const problems = catalogProblems();
  if (problems.length === 0) return html`<div id="catalog-notice" hidden></div>`;
  const inForce = getCatalogSummary() === null ? 'there is none in force' : 'the last good one is in force';
  const more = problems.length > most ? `; and ${problems.length - most} more` : '';
  const said = problems.slice(0, most).map((problem) => truncateMiddle(problem, 300));
  return html`<div id="catalog-notice" class="notice" role="status">The catalog was refused; ${inForce}: ${said.join('; ')}${more}</div>`;
};

/** A page, and those of its parts that are replaced while it is open. */
export interface Page {
  readonly title: string;
  readonly current: 'chat' | 'runs' | null;
  readonly content: Html;
  /** The root element of each has an id. */
  readonly regions: readonly Html[];
}

/** The id of a region's root element. */
export const getRegionId = (region: Html): string =>
  /^\s*<\w+ id="([\w-]+)"/.exec(region.toString())?.[1] ?? '';

export interface PageFrame {
  readonly title: string;
  readonly viewer: Viewer;
  readonly assets: AssetUrls;
  /** The page as `be` and other forms come back to it. */
  readonly path: string;
  readonly current: 'chat' | 'runs' | null;
  /** Address of the stream that keeps the page current; null for a page that stands still. */
  readonly stream: string | null;
  /** Said once, for browsers without scripts. */
  readonly notice: string | null;
}

const mark = raw(
  '<svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M2 13.5c2.2 0 2.2 1.6 4 1.6s1.8-1.6 4-1.6 2.2 1.6 4 1.6 1.8-1.6 4-1.6M4.2 11V8.4c0-.5.4-.9.9-.9h9.8c.5 0 .9.4.9.9V11M10 7.5V2.6l4.6 2.2L10 6.9" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

const chooser = ({ viewer, path }: PageFrame): Html => {
  const { person, people } = viewer;
  if (person === null) return html`<p class="who">Read only: the chat is elsewhere</p>`;
  return html`
    <form method="post" action="/console/be" class="who" id="who">
      ${formFields({ csrf: viewer.csrf, person })}
      <input type="hidden" name="back" value="${path}">
      <label for="person">You are</label>
      <select id="person" name="person" data-submit>
        ${people.map(({ id, name }) => html`<option value="${id}"${id === person.id ? raw(' selected') : nothing}>${name}</option>`)}
      </select>
      <noscript><button class="button quiet">Be them</button></noscript>
    </form>`;
};

const link = (href: string, label: string, isCurrent: boolean): Html =>
  html`<a href="${href}"${isCurrent ? raw(' aria-current="page"') : nothing}>${label}</a>`;

const header = (frame: PageFrame): Html => html`
  <header class="top">
    <a class="brand" href="/">${mark}<span>Quarterdeck</span></a>
    <nav aria-label="Pages">${link('/', frame.viewer.person === null ? 'Overview' : 'Chat', frame.current === 'chat')}${link('/runs', 'Runs', frame.current === 'runs')}</nav>
    <p id="link-state" class="link-state" role="status">${frame.stream === null ? nothing : html`<span data-state="off">Not live</span>`}</p>
    ${chooser(frame)}
  </header>`;

/** A whole page. */
export const renderLayout = (frame: PageFrame, content: Html): Html => html`${raw('<!doctype html>')}
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
  <meta name="color-scheme" content="light dark">
  <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff">
  <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#12181d">
  <meta name="csrf" content="${frame.viewer.csrf}">
  <title>${frame.title} · Quarterdeck</title>
  <link rel="icon" href="${frame.assets.icon}" type="image/svg+xml">
  <link rel="stylesheet" href="${frame.assets.style}">
  <script type="module" src="${frame.assets.script}"></script>
</head>
<body${frame.stream === null ? nothing : html` data-stream="${frame.stream}"`}>
  <a class="skip" href="#main">Skip to the content</a>
  ${header(frame)}
  ${frame.notice === null ? nothing : html`<p class="notice" role="status">${frame.notice}</p>`}
  <main id="main" tabindex="-1">${content}</main>
  <p id="spoken" class="hidden" role="status" aria-live="polite"></p>
  <div id="toast" class="toast" role="status" aria-live="polite"></div>
</body>
</html>`;
