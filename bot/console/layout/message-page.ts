import { type Html, html } from './html.ts';

/** A page that says one thing, and where to go from there. */
export const renderMessagePage = (title: string, text: string): Html => html`
  <div class="message">
    <h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button plain" href="/">To the start</a> <a class="button quiet" href="/runs">All runs</a></p>
  </div>`;
