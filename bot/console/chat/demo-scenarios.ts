import { type Html, html, nothing } from '../layout/html.ts';

/** A scenario to try on the demo; `npm run scenario -- <name>` runs it. */
export interface DemoScenario {
  readonly name: string;
  readonly description: string;
  /** The chat command that starts it; null when it takes more than one command. */
  readonly command: string | null;
}

/** Every scenario, in the order in which to try them. */
export const demoScenarios = [
  {
    name: 'happy-path',
    description: 'provisions a network without problems',
    command: 'provision network',
  },
  {
    name: 'advanced-visibility',
    description: 'finds a run in Temporal by its status and directory, while it waits and after it ends',
    command: null,
  },
  {
    name: 'human-in-the-loop-signal',
    description: 'the policy rejects an admin user; an approver overrides it with a signal and a reason',
    command: null,
  },
  {
    name: 'human-in-the-loop-update',
    description:
      'the policy rejects an admin user; an update without a reason is refused, and one with a reason is accepted',
    command: 'provision admin-user',
  },
  {
    name: 'recoverable-failure',
    description: 'a bug in the worker stops a run; the fixed worker resumes it',
    command: null,
  },
  {
    name: 'non-recoverable-failure',
    description: 'the policy forbids an account owner; missing credentials stop another run before it starts',
    command: 'provision account-owner',
  },
  {
    name: 'api-failure',
    description: 'the state server fails twice while Terraform plans; the third attempt succeeds',
    command: null,
  },
] as const satisfies readonly DemoScenario[];

export type ScenarioName = (typeof demoScenarios)[number]['name'];

const renderScenario = ({ name, description, command }: DemoScenario): Html => html`
  <li><b>${name}</b>
    <p>${description}</p>
    ${
      command === null
        ? html`<p class="small">In a terminal: <code>npm run scenario -- ${name}</code></p>`
        : html`<p><button type="button" class="hint" data-fill="${command}">${command}</button></p>`
    }</li>`;

/** The scenarios of the demo, in a closed list. */
export const renderScenarios = (scenarios: readonly DemoScenario[]): Html =>
  scenarios.length === 0
    ? nothing
    : html`
  <section id="scenarios" aria-labelledby="scenarios-title">
    <h2 id="scenarios-title">Scenarios to try</h2>
    <details data-key="scenarios"><summary>${scenarios.length} scenarios</summary>
      <ul class="scenarios">${scenarios.map(renderScenario)}</ul></details>
  </section>`;
