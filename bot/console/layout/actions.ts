import type { Person } from '../../../workflows/contract/person.ts';
import type { Button, CommandButton } from '../../cards/card.ts';
import { type Html, html, nothing } from './html.ts';

/** What the buttons of a card need to be pressed. */
export interface FormContext {
  readonly person: Person;
  readonly csrf: string;
  /** Where an answer is shown, for browsers without scripts. */
  readonly back: string;
  readonly conversation: string;
  /** Tells the fields of one card from those of another on the same page. */
  readonly scope: string;
  /** The same for every drawing of the same button in the same state, so two clicks are one decision. */
  readonly nonceOf: (button: CommandButton) => string;
}

const looks = { good: 'primary', bad: 'danger', neutral: 'plain' } as const;

/** What every form that changes something carries. */
export const formFields = ({ csrf, person }: Pick<FormContext, 'csrf' | 'person'>): Html =>
  html`<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="as" value="${person.id}">`;

const hidden = (button: CommandButton, press: FormContext): Html => html`
  ${formFields(press)}
  <input type="hidden" name="nonce" value="${press.nonceOf(button)}">
  <input type="hidden" name="command" value="${button.command}">
  <input type="hidden" name="args" value="${button.args}">
  ${button.digest === undefined ? nothing : html`<input type="hidden" name="digest" value="${button.digest}">`}
  <input type="hidden" name="conversation" value="${press.conversation}">
  <input type="hidden" name="back" value="${press.back}">`;

const form = (button: CommandButton, press: FormContext, content: Html): Html => html`
  <form method="post" action="/console/press" data-live class="press">${hidden(button, press)}${content}</form>`;

const question = (button: CommandButton, { scope }: FormContext): Html => {
  const id = `${scope}-${button.command}-why`;
  return html`
    ${button.confirm ? html`<p class="ask-title">${button.confirm.title}</p><p>${button.confirm.text}</p>` : nothing}
    ${
      button.needsReason
        ? html`<label for="${id}">Why? Everybody who follows the run reads it.</label>
          <textarea id="${id}" name="reason" rows="2" maxlength="1000" required></textarea>`
        : nothing
    }`;
};

/** Asks first, in place: it works without a script, and on a phone nothing covers what is asked about. */
const asking = (button: CommandButton, press: FormContext): Html => html`
  <details class="ask" data-key="${button.command}">
    <summary class="button ${looks[button.tone]}">${button.label}…</summary>
    ${form(
      button,
      press,
      html`<div class="question">${question(button, press)}
        <div class="row"><button class="button ${looks[button.tone]}">${button.confirm?.label ?? button.label}</button>
        <button type="button" class="button quiet" data-close>Back</button></div></div>`,
    )}
  </details>`;

/** A button of a card. Without somebody to press it, only links are left. */
export const renderButton = (button: Button, press: FormContext | null): Html => {
  if (button.kind === 'link') {
    const inside = button.url.startsWith('/') && !button.url.startsWith('//');
    if (!inside && !/^https?:\/\//i.test(button.url)) return nothing;
    return html`<a class="button quiet" href="${button.url}">${button.label}</a>`;
  }
  if (press === null) return nothing;
  if (button.confirm !== undefined || button.needsReason) return asking(button, press);
  return form(button, press, html`<button class="button ${looks[button.tone]}">${button.label}</button>`);
};
