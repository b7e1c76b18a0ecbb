import type { GetCatalogSummary } from '../../commands/command.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { AssetUrls } from '../assets.ts';
import type { Viewer } from '../security/viewer.ts';
import { formFields } from './actions.ts';
import { type Html, html, nothing, raw } from './html.ts';

/** A page, and the regions of it that are replaced while it is open. */
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

/** What surrounds the content of a page. */
export interface PageFrame {
  readonly title: string;
  readonly viewer: Viewer;
  readonly assets: AssetUrls;
  /** The page's own path: the user form returns to it. */
  readonly path: string;
  readonly current: 'chat' | 'runs' | null;
  /** URL of the stream that updates the page; null for a static page. */
  readonly stream: string | null;
  /** Shown once, for browsers without scripts. */
  readonly flashMessage: string | null;
}

const maxProblems = 3;

export interface CatalogState {
  readonly getCatalogSummary: GetCatalogSummary;
  readonly catalogProblems?: () => readonly string[];
}

/** Shows why the catalog file is invalid; an empty, hidden region while it is valid. */
export const renderCatalogNotice = ({
  catalogProblems = () => [],
  getCatalogSummary,
}: CatalogState): Html => {
  const problems = catalogProblems();
  if (problems.length === 0) return html`<div id="catalog-notice" hidden></div>`;
  const consequence =
    getCatalogSummary() === null ? 'no catalog is loaded' : 'Quarterdeck keeps using the last valid catalog';
  const more = problems.length > maxProblems ? `; and ${problems.length - maxProblems} more` : '';
  const shown = problems.slice(0, maxProblems).map((problem) => truncateMiddle(problem, 300));
  return html`<div id="catalog-notice" class="notice" role="status">Invalid catalog; ${consequence}: ${shown.join('; ')}${more}</div>`;
};

const logo = raw(
  '<svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M2 13.5c2.2 0 2.2 1.6 4 1.6s1.8-1.6 4-1.6 2.2 1.6 4 1.6 1.8-1.6 4-1.6M4.2 11V8.4c0-.5.4-.9.9-.9h9.8c.5 0 .9.4.9.9V11M10 7.5V2.6l4.6 2.2L10 6.9" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

const userForm = ({ viewer, path }: PageFrame): Html => {
  const { person, people } = viewer;
  if (person === null) return html`<p class="who">Read-only: use Slack or Teams to run commands</p>`;
  return html`
    <form method="post" action="/console/switch-user" class="who" id="who">
      ${formFields({ csrf: viewer.csrf, person })}
      <input type="hidden" name="back" value="${path}">
      <label for="person">User</label>
      <select id="person" name="person" data-submit>
        ${people.map(({ id, name }) => html`<option value="${id}"${id === person.id ? raw(' selected') : nothing}>${name}</option>`)}
      </select>
      <noscript><button class="button quiet">Switch user</button></noscript>
    </form>`;
};

const link = (href: string, label: string, isCurrent: boolean): Html =>
  html`<a href="${href}"${isCurrent ? raw(' aria-current="page"') : nothing}>${label}</a>`;

const header = (frame: PageFrame): Html => html`
  <header class="top">
    <a class="brand" href="/">${logo}<span>Quarterdeck</span></a>
    <nav aria-label="Pages">${link('/', frame.viewer.person === null ? 'Overview' : 'Chat', frame.current === 'chat')}${link('/runs', 'Runs', frame.current === 'runs')}</nav>
    <p id="link-state" class="link-state" role="status">${frame.stream === null ? nothing : html`<span data-state="off">Not live</span>`}</p>
    ${userForm(frame)}
  </header>`;

/** A whole HTML document. */
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
  ${frame.flashMessage === null ? nothing : html`<p class="notice" role="status">${frame.flashMessage}</p>`}
  <main id="main" tabindex="-1">${content}</main>
  <p id="spoken" class="hidden" role="status" aria-live="polite"></p>
  <div id="toast" class="toast" role="status" aria-live="polite"></div>
</body>
</html>`;
