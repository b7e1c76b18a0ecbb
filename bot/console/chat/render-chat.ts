import { type Html, html, nothing, raw } from '../layout/html.ts';
import { type CompletionSource, renderHints } from './composer.ts';
import type { DemoScenario } from './demo-scenarios.ts';

const scenario = ({ name, about, words }: DemoScenario): Html => html`
  <li><b>${name}</b>
    <p>${about}</p>
    ${
      words === null
        ? html`<p class="small">In a terminal: <code>npm run scenario -- ${name}</code></p>`
        : html`<p><button type="button" class="hint" data-fill="${words}">${words}</button></p>`
    }</li>`;

/** What there is to try on the demo, folded so that it stands in nobody's way. */
const renderScenarios = (scenarios: readonly DemoScenario[]): Html =>
  scenarios.length === 0
    ? nothing
    : html`
  <section id="scenarios" aria-labelledby="scenarios-title">
    <h2 id="scenarios-title">Scenarios to try</h2>
    <details data-key="scenarios"><summary>${scenarios.length} scenarios</summary>
      <ul class="scenarios">${scenarios.map(scenario)}</ul></details>
  </section>`;

/** What is going on, for those who talk elsewhere. */
export const renderDashboard = (newest: Html, overview: readonly Html[]): Html => html`
  <h1 class="hidden">Overview</h1>
  <div class="chat">
    <section class="talk" aria-labelledby="newest"><h2 id="newest">Newest runs</h2>${newest}</section>
    <aside class="beside" aria-label="Overview">${overview}</aside>
  </div>`;

export interface ChatPageView {
  readonly entries: readonly Html[];
  readonly composer: Html;
  readonly overview: readonly Html[];
  readonly vocabulary: CompletionSource;
  readonly scenarios: readonly DemoScenario[];
  readonly names: readonly { readonly name: string; readonly isCurrent: boolean }[];
}

const welcome = ({ vocabulary }: ChatPageView): Html => html`
  <div class="welcome">
    <h2>Deploy by typing a line</h2>
    <p>Follow it on one card, look at the plan, and approve it. What was approved is what is applied.</p>
    ${renderHints(vocabulary)}
  </div>`;

const rooms = ({ names }: ChatPageView): Html =>
  names.length < 2
    ? nothing
    : html`<nav class="rooms" aria-label="Conversations">${names.map(
        ({ name, isCurrent }) =>
          html`<a href="${name === 'main' ? '/' : `/?in=${encodeURIComponent(name)}`}"${isCurrent ? raw(' aria-current="page"') : nothing}>${name}</a>`,
      )}</nav>`;

export const renderChatPage = (parts: ChatPageView): Html => html`
  <h1 class="hidden">Chat</h1>
  <div class="chat">
    <section class="talk" aria-label="Conversation">
      ${rooms(parts)}
      <ol id="entries" class="entries">${parts.entries}</ol>
      ${welcome(parts)}
      ${parts.composer}
      <div id="end"></div>
    </section>
    <aside class="beside" aria-label="Overview">${parts.overview}${renderScenarios(parts.scenarios)}</aside>
  </div>`;
