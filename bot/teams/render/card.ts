import type { Attachment } from 'botbuilder';
import type { Button, Card } from '../../cards/card.ts';
import { toCardText } from '../../cards/card-text.ts';
import { renderSections } from '../../cards/render-sections.ts';
import { refreshAction, renderButtons } from './buttons.ts';
import type { AdaptiveCard, Element } from './elements.ts';
import { jsonBytes, limits, maxMessageBytes } from './limits.ts';
import { renderFields, renderFooter, renderHeader, renderHiddenButtonsHint } from './parts.ts';
import { cardRenderer } from './text.ts';

/** How a card is drawn, and for whom. */
export interface RenderOptions {
  /** `decider`: the card holds only what this person may press. */
  readonly viewer?: 'everybody' | 'decider';
  /** Whose client asks for a view of their own by itself, and of which open run. */
  readonly refresh?: { readonly userIds: readonly string[]; readonly run: string } | null;
  /** Bytes of the whole message. */
  readonly maxBytes?: number;
}

/** A message as the Bot Connector takes it. */
export interface CardMessage {
  type: 'message';
  /** What a notification says. */
  summary: string;
  attachments: Attachment[];
}

const isRestricted = (button: Button): boolean => button.kind === 'command' && button.who !== undefined;

/** Buttons for some alone are left to their own views, if they have one. */
const hiddenIn = ({ buttons }: Card, { viewer, refresh }: RenderOptions): readonly Button[] =>
  viewer === 'decider' || !refresh?.userIds.length ? [] : buttons.filter(isRestricted);

// Where fallbackText is shown, it may be read as Markdown.
const unmarked = (text: string): string => text.replace(/[\\`*_~[\]<>](?=.)/g, (sign) => `${sign}\u200b`);

const wrap = (card: Card, content: AdaptiveCard): CardMessage => ({
  type: 'message',
  summary: toCardText(card, limits.summary),
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});

/**
 * Draws a card inside Teams' limits. What does not fit is cut from the end, the least dangerous
 * first, and the card says how much is not shown.
 */
export const renderCard = (card: Card, options: RenderOptions = {}): AdaptiveCard => {
  const { refresh = null, maxBytes: room = maxMessageBytes } = options;
  const hidden = hiddenIn(card, options);
  const again = refresh === null ? [] : [refreshAction(refresh.run)];
  const actions = renderButtons(
    card.buttons.filter((button) => !hidden.includes(button)),
    again,
  );
  const build = (sections: readonly Element[]): AdaptiveCard => ({
    type: 'AdaptiveCard',
    version: '1.5',
    fallbackText: unmarked(toCardText(card, limits.summary)),
    msteams: { width: 'Full' },
    ...(refresh === null || again[0] === undefined
      ? {}
      : { refresh: { action: again[0], userIds: refresh.userIds } }),
    body: [
      renderHeader(card),
      ...renderFields(card.fields, room / 8),
      ...sections,
      ...renderHiddenButtonsHint(hidden),
      ...renderFooter(card),
    ],
    ...(actions.length === 0 ? {} : { actions }),
  });
  const left = room - jsonBytes(wrap(card, build([])));
  return build(renderSections(cardRenderer, card.sections, left));
};

export const renderMessage = (card: Card, options: RenderOptions = {}): CardMessage =>
  wrap(card, renderCard(card, options));
