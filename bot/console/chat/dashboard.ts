import { type Html, html } from '../layout/html.ts';

/** What is going on, for those who talk elsewhere. */
export const renderDashboard = (newest: Html, overview: readonly Html[]): Html => html`
  <h1 class="hidden">Overview</h1>
  <div class="chat">
    <section class="talk" aria-labelledby="newest"><h2 id="newest">Newest runs</h2>${newest}</section>
    <aside class="beside" aria-label="Overview">${overview}</aside>
  </div>`;
