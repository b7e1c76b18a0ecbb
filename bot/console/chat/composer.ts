import type { CatalogSummary } from '../../../activities/catalog/catalog-summary.ts';
import type { CommandSpec } from '../../commands/spec.ts';
import { formFields } from '../layout/actions.ts';
import { type Html, html } from '../layout/html.ts';
import type { Viewer } from '../security/resolve-viewer.ts';
import { randomToken } from '../security/signer.ts';

/** Everything that can be completed while somebody types. */
export interface CompletionSource {
  readonly commands: readonly CommandSpec[];
  readonly outline: CatalogSummary | null;
}

/** The first thing to try: it asks for a plan that somebody else approves. */
const firstCommand = (outline: CatalogSummary | null): string => {
  const [service] = outline?.services ?? [];
  if (service === undefined) return 'help';
  const asking = service.environments.find(({ approval }) => approval !== null) ?? service.environments[0];
  return `deploy ${service.name}${asking === undefined ? '' : ` ${asking.name}`}`;
};

const words = ({ commands, outline }: CompletionSource): string =>
  JSON.stringify({
    commands: commands.map(({ name, usage, description }) => ({ name, usage, description })),
    services: (outline?.services ?? []).map(({ name, environments }) => ({
      name,
      environments: environments.map((environment) => environment.name),
    })),
    stacks: outline?.stacks ?? [],
  });

export const renderHints = ({ commands, outline }: CompletionSource): Html => {
  const known = new Set(commands.map(({ name }) => name));
  const [stack] = outline?.stacks ?? [];
  const provision = stack === undefined ? [] : [`provision ${stack}`];
  const hints = [
    firstCommand(outline),
    ...provision,
    ...['status', 'help'].filter((name) => known.has(name)),
  ];
  return html`<p class="hints">${[...new Set(hints)].map(
    (hint) => html`<button type="button" class="hint" data-fill="${hint}">${hint}</button>`,
  )}</p>`;
};

/** Where people type. */
export const renderComposer = (viewer: Viewer, conversation: string, vocabulary: CompletionSource): Html =>
  viewer.person === null
    ? html``
    : html`
  <form id="composer" class="composer" method="post" action="/console/say" data-live data-words="${words(vocabulary)}" autocomplete="off">
    ${formFields({ csrf: viewer.csrf, person: viewer.person })}
    <input type="hidden" name="nonce" value="${randomToken()}">
    <input type="hidden" name="conversation" value="${conversation}">
    <ul id="choices" role="listbox" aria-label="Completions" hidden></ul>
    <div class="line">
      <label for="words" class="hidden">Type a command</label>
      <span class="prompt" aria-hidden="true">›</span>
      <input id="words" name="words" type="text" required maxlength="4000" placeholder="${firstCommand(vocabulary.outline)}"
        autocapitalize="none" autocorrect="off" spellcheck="false" enterkeyhint="send" autocomplete="off"
        aria-describedby="keys">
      <button class="button primary">Send</button>
    </div>
    <p id="keys" class="keys"><kbd>/</kbd> to type, <kbd>↑</kbd> for what you typed before, <kbd>Tab</kbd> to complete</p>
  </form>`;
