import type { CatalogSummary } from '../../../activities/catalog/catalog-summary.ts';
import type { CommandSpec } from '../../commands/spec.ts';
import { formFields } from '../layout/actions.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { randomToken } from '../security/signer.ts';
import type { Viewer } from '../security/viewer.ts';

/** What the command line can complete. */
export interface CompletionSource {
  readonly commands: readonly CommandSpec[];
  /** null while no catalog is loaded. */
  readonly catalog: CatalogSummary | null;
}

/** The first command to try: a deployment that needs an approval, where the catalog has one. */
const getFirstCommand = (catalog: CatalogSummary | null): string => {
  const [service] = catalog?.services ?? [];
  if (service === undefined) return 'help';
  const environment =
    service.environments.find(({ approval }) => approval !== null) ?? service.environments[0];
  return `deploy ${service.name}${environment === undefined ? '' : ` ${environment.name}`}`;
};

/** The data that assets/complete.js reads. */
const toCompletionData = ({ commands, catalog }: CompletionSource): string =>
  JSON.stringify({
    commands: commands.map(({ name, usage, description }) => ({ name, usage, description })),
    services: (catalog?.services ?? []).map(({ name, environments }) => ({
      name,
      environments: environments.map((environment) => environment.name),
    })),
    stacks: catalog?.stacks ?? [],
  });

/** Commands to try, as buttons that fill the command line. */
export const renderHints = ({ commands, catalog }: CompletionSource): Html => {
  const known = new Set(commands.map(({ name }) => name));
  const [stack] = catalog?.stacks ?? [];
  const provision = stack === undefined ? [] : [`provision ${stack}`];
  const hints = [
    getFirstCommand(catalog),
    ...provision,
    ...['status', 'help'].filter((name) => known.has(name)),
  ];
  return html`<p class="hints">${[...new Set(hints)].map(
    (hint) => html`<button type="button" class="hint" data-fill="${hint}">${hint}</button>`,
  )}</p>`;
};

/** The command line. */
export const renderComposer = (viewer: Viewer, conversation: string, source: CompletionSource): Html =>
  viewer.person === null
    ? nothing
    : html`
  <form id="composer" class="composer" method="post" action="/console/commands" data-live data-completions="${toCompletionData(source)}" autocomplete="off">
    ${formFields({ csrf: viewer.csrf, person: viewer.person })}
    <input type="hidden" name="nonce" value="${randomToken()}">
    <input type="hidden" name="conversation" value="${conversation}">
    <ul id="choices" role="listbox" aria-label="Completions" hidden></ul>
    <div class="line">
      <label for="command" class="hidden">Type a command</label>
      <span class="prompt" aria-hidden="true">›</span>
      <input id="command" name="text" type="text" required maxlength="4000" placeholder="${getFirstCommand(source.catalog)}"
        autocapitalize="none" autocorrect="off" spellcheck="false" enterkeyhint="send" autocomplete="off"
        aria-describedby="keys">
      <button class="button primary">Send</button>
    </div>
    <p id="keys" class="keys"><kbd>/</kbd> focuses the command line, <kbd>↑</kbd> recalls earlier commands, <kbd>Tab</kbd> completes</p>
  </form>`;
