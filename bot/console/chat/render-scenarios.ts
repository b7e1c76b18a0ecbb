import { type Html, html, nothing } from '../layout/html.ts';
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
export const renderScenarios = (scenarios: readonly DemoScenario[]): Html =>
  scenarios.length === 0
    ? nothing
    : html`
  <section id="scenarios" aria-labelledby="scenarios-title">
    <h2 id="scenarios-title">Scenarios to try</h2>
    <details data-key="scenarios"><summary>${scenarios.length} scenarios</summary>
      <ul class="scenarios">${scenarios.map(scenario)}</ul></details>
  </section>`;
