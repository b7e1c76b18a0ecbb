import type { Card, Field } from '../../cards/card.ts';
import { type FormContext, renderButton } from './actions.ts';
import { type Html, html, nothing } from './html.ts';
import { toneIcon } from './icons.ts';
import { renderSection, renderSections } from './sections.ts';

/** How a page shows a card. */
export interface CardOptions {
  /** null: the card has no buttons except links. */
  readonly formContext: FormContext | null;
  /** The heading level of the title. */
  readonly heading: 1 | 2 | 3;
  /** The link of the title. */
  readonly href?: string;
  /** Rendered below the card's own content. */
  readonly thread?: Html;
}

const renderField = ({ label, value, url }: Field): Html => html`
  <div><dt>${label}</dt><dd>${url !== undefined && /^(https?:\/\/|\/(?!\/))/i.test(url) ? html`<a href="${url}">${value}</a>` : value}</dd></div>`;

const renderTitle = (card: Card, { heading, href }: CardOptions): Html => {
  const text = href === undefined ? html`${card.title}` : html`<a href="${href}">${card.title}</a>`;
  if (heading === 1) return html`<h1>${text}</h1>`;
  return heading === 2 ? html`<h2>${text}</h2>` : html`<h3>${text}</h3>`;
};

/** True for a short text, which needs no frame. */
const isTextOnly = ({ fields, buttons, sections, footer }: Card): boolean =>
  fields.length === 0 &&
  buttons.length === 0 &&
  footer === null &&
  sections.every(({ type }) => type === 'text');

const renderTextOnly = (card: Card): Html => html`
  <article class="note tone-${card.tone}" data-summary="${card.summary}">
    ${toneIcon[card.tone === 'progress' ? 'neutral' : card.tone]}
    <div><p class="note-title">${card.title}</p>${card.sections.map((section) => renderSection(section))}</div>
  </article>`;

const renderFramed = (card: Card, options: CardOptions): Html => {
  const buttons = card.buttons.map((button) => renderButton(button, options.formContext));
  const [first, ...others] = card.sections;
  const status = first?.id === 'status' && first.type === 'text' ? first : null;
  const rest = status === null ? card.sections : others;
  return html`
  <article class="card tone-${card.tone}" data-summary="${card.summary}">
    <header>${toneIcon[card.tone]}
      <div>${renderTitle(card, options)}${status === null ? nothing : html`<p class="status">${status.text}</p>`}</div>
    </header>
    ${card.fields.length === 0 ? nothing : html`<dl class="fields">${card.fields.map(renderField)}</dl>`}
    ${renderSections(rest, card)}
    ${buttons.some((button) => button !== nothing) ? html`<div class="buttons">${buttons}</div>` : nothing}
    ${options.thread ?? nothing}
    ${card.footer === null ? nothing : html`<footer><span>${card.footer}</span>${options.href === undefined ? nothing : html`<a href="${options.href}">Details<span class="hidden"> of ${card.title}</span></a>`}</footer>`}
  </article>`;
};

/** Renders a card; all of its text is escaped. */
export const renderCard = (card: Card, options: CardOptions): Html =>
  isTextOnly(card) ? renderTextOnly(card) : renderFramed(card, options);
