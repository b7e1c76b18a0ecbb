import type { Attachment } from 'botbuilder';
import type { Button, Card } from '../../cards/card.ts';
import { toCardText } from '../../cards/card-text.ts';
import { renderSections } from '../../cards/render-sections.ts';
import { renderButtons, renderRefresh } from './buttons.ts';
import type { AdaptiveCard, Element } from './elements.ts';
import { jsonBytes, limits, maxMessageBytes } from './limits.ts';
import { renderFields, renderFooter, renderHeader, renderHiddenButtonsHint } from './parts.ts';
import { cardRenderer } from './text.ts';

/** How a card is rendered, and for whom. */
export interface RenderOptions {
  /** `personal`: the card has the buttons of one person only. */
  readonly viewer?: 'everyone' | 'personal';
  /** The open run, and the people whose clients ask for a personal view of it. */
  readonly refresh?: { readonly userIds: readonly string[]; readonly run: string } | null;
  /** Bytes of the whole message; 28 KB by default. */
  readonly maxBytes?: number;
}

/** A card message as the Bot Connector accepts it. */
export interface CardMessage {
  type: 'message';
  /** The text of the notification. */
  summary: string;
  attachments: Attachment[];
}

/** Fields get at most one eighth of a message. */
const fieldsShare = 8;

export const isRestricted = (button: Button): boolean =>
  button.kind === 'command' && button.who !== undefined;

/** Approvers' buttons are left to their personal views, where those exist. */
const getHiddenButtons = ({ buttons }: Card, { viewer, refresh }: RenderOptions): readonly Button[] =>
  viewer === 'personal' || !refresh?.userIds.length ? [] : buttons.filter(isRestricted);

// Clients that show the fallbackText may read it as Markdown.
const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_~[\]<>](?=.)/g, (sign) => `${sign}\u200b`);

const toMessage = (card: Card, content: AdaptiveCard): CardMessage => ({
  type: 'message',
  summary: toCardText(card, limits.summary),
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});

/**
 * Renders a card within the limits of Teams. Sections that do not fit are shortened or omitted, the
 * least dangerous first, and the card names what it omits.
 */
export const renderCard = (card: Card, options: RenderOptions = {}): AdaptiveCard => {
  const { refresh = null, maxBytes = maxMessageBytes } = options;
  const hidden = getHiddenButtons(card, options);
  const refreshActions = refresh === null ? [] : [renderRefresh(refresh.run)];
  const [refreshAction] = refreshActions;
  const actions = renderButtons(
    card.buttons.filter((button) => !hidden.includes(button)),
    refreshActions,
  );
  const build = (sections: readonly Element[]): AdaptiveCard => ({
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: escapeMarkdown(toCardText(card, limits.summary)),
    msteams: { width: 'Full' },
    ...(refresh === null || refreshAction === undefined
      ? {}
      : { refresh: { action: refreshAction, userIds: refresh.userIds } }),
    body: [
      renderHeader(card),
      ...renderFields(card.fields, maxBytes / fieldsShare),
      ...sections,
      ...renderHiddenButtonsHint(hidden),
      ...renderFooter(card),
    ],
    ...(actions.length === 0 ? {} : { actions }),
  });
  const left = maxBytes - jsonBytes(toMessage(card, build([])));
  return build(renderSections(cardRenderer, card.sections, left));
};

export const renderMessage = (card: Card, options: RenderOptions = {}): CardMessage =>
  toMessage(card, renderCard(card, options));

/** The summary and the buttons, for when Teams rejects the full card. */
export const toPlainCard = (card: Card): Card => ({
  ...card,
  fields: [],
  sections: [{ type: 'text', text: card.summary }],
});
