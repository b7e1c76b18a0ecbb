import type { Person } from '../../../workflows/contract/person.ts';
import type { Button, CommandButton } from '../../cards/card.ts';
import type { LiveRun } from '../../runs/types.ts';
import type { Signer } from '../security/signer.ts';
import { type Html, html, nothing } from './html.ts';

/** What the forms of a card's buttons send. */
export interface FormContext {
  readonly person: Person;
  readonly csrf: string;
  /** The page to return to, for browsers without scripts. */
  readonly back: string;
  readonly conversation: string;
  /** Prefix of the element ids, unique for each card of a page. */
  readonly scope: string;
  /** The idempotency key of a button; see `createNonceFor`. */
  readonly nonceOf: (button: CommandButton) => string;
}

/**
 * The idempotency key of a button press. A redrawn button keeps its key, so two clicks count once. The key
 * changes with the run's status, and for a retry with the attempts. `note` is the entry id of a card that
 * is not a run's card: the same command there starts another run.
 */
export const createNonceFor =
  (signer: Signer, run: LiveRun | null, note = '') =>
  ({ command, args, digest = '' }: CommandButton): string => {
    const attempts = run?.view.stages.reduce((sum, { attempt }) => sum + attempt, 0) ?? 0;
    const status = run?.view.status ?? '';
    const entry = note === '' || digest !== '' ? [] : [note];
    const parts = [command, args, digest, command === 'retry' ? attempts : status, ...entry];
    return signer.deriveId('press', JSON.stringify(parts));
  };

/** The CSS class for each tone. */
const buttonClass = { good: 'primary', bad: 'danger', neutral: 'plain' } as const;

/** The hidden fields of every form: the CSRF token and the user whom the page shows. */
export const formFields = ({ csrf, person }: Pick<FormContext, 'csrf' | 'person'>): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="as" value="${person.id}">`;

const renderForm = (button: CommandButton, context: FormContext, content: Html): Html => html`
  <form method="post" action="/console/actions" data-live class="press">
  ${formFields(context)}
  <input type="hidden" name="nonce" value="${context.nonceOf(button)}">
  <input type="hidden" name="command" value="${button.command}">
  <input type="hidden" name="args" value="${button.args}">
  ${button.digest === undefined ? nothing : html`<input type="hidden" name="digest" value="${button.digest}">`}
  <input type="hidden" name="conversation" value="${context.conversation}">
  <input type="hidden" name="back" value="${context.back}">${content}</form>`;

const renderReasonField = (button: CommandButton, { scope }: FormContext): Html => {
  const id = `${scope}-${button.command}-why`;
  return html`<label for="${id}">Reason (visible to everyone who follows this run)</label>
          <textarea id="${id}" name="reason" rows="2" maxlength="1000" required></textarea>`;
};

/** A button with a confirmation. It expands in place: this works without scripts and covers nothing on a phone. */
const renderConfirmedButton = (button: CommandButton, context: FormContext): Html => html`
  <details class="ask" data-key="${button.command}">
    <summary class="button ${buttonClass[button.tone]}">${button.label}…</summary>
    ${renderForm(
      button,
      context,
      html`<div class="question">
    ${button.confirm ? html`<p class="ask-title">${button.confirm.title}</p><p>${button.confirm.text}</p>` : nothing}
    ${button.needsReason ? renderReasonField(button, context) : nothing}
        <div class="row"><button class="button ${buttonClass[button.tone]}">${button.confirm?.label ?? button.label}</button>
        <button type="button" class="button quiet" data-close>Back</button></div></div>`,
    )}
  </details>`;

const renderLink = (label: string, url: string): Html => {
  const isLocal = url.startsWith('/') && !url.startsWith('//');
  return isLocal || /^https?:\/\//i.test(url)
    ? html`<a class="button quiet" href="${url}">${label}</a>`
    : nothing;
};

/** A button of a card. Without a form context only links are rendered. */
export const renderButton = (button: Button, context: FormContext | null): Html => {
  if (button.kind === 'link') return renderLink(button.label, button.url);
  if (context === null) return nothing;
  if (button.confirm !== undefined || button.needsReason) return renderConfirmedButton(button, context);
  return renderForm(
    button,
    context,
    html`<button class="button ${buttonClass[button.tone]}">${button.label}</button>`,
  );
};
