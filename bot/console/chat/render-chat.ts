import { type Html, html, nothing, raw } from '../layout/html.ts';
import { type CompletionSource, renderHints } from './composer.ts';
import type { DemoScenario } from './demo-scenarios.ts';
import { renderScenarios } from './render-scenarios.ts';

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
