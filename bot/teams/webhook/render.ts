import type { Button, Card } from '../../cards/card.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { ThreadPost } from '../../platform/platform.ts';
import { shortId } from '../../text/run-name.ts';
import { renderMessage, toPlainCard } from '../render/card.ts';
import { maxMessageBytes } from '../render/limits.ts';

/**
 * Bytes that a workflow accepts, in UTF-8.
 * https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
const maxWebhookBytes = 28 * 1024;
const maxSummary = 2000;

const render = (card: Card, maxBytes = maxMessageBytes): string => {
  const { attachments } = renderMessage(card, { refresh: null, maxBytes });
  return JSON.stringify({ type: 'message', attachments });
};

/** A card without its commands, which a workflow cannot send back; links stay. */
export const renderWebhookMessage = (card: Card): string => {
  const linksOnly = { ...card, buttons: card.buttons.filter(({ kind }) => kind === 'link') };
  const plain = toPlainCard(linksOnly);
  const renderings = [
    () => render(linksOnly),
    () => render(linksOnly, maxMessageBytes / 2),
    () => render(plain),
  ];
  for (const rendering of renderings) {
    const message = rendering();
    if (Buffer.byteLength(message) <= maxWebhookBytes) return message;
  }
  return render({ ...plain, sections: [{ type: 'text', text: card.summary.slice(0, maxSummary) }] });
};

/** A thread post as a card that names its run: a workflow cannot post to threads. */
export const toThreadCard = (
  title: string,
  { text, lines = [], broadcast }: ThreadPost,
  workflowId: string,
  publicUrl: string | null,
): Card => {
  const details: readonly Button[] =
    publicUrl === null ? [] : [{ kind: 'link', label: 'Details', url: runUrl(publicUrl, workflowId) }];
  return {
    kind: 'notice',
    title,
    tone: broadcast ? 'bad' : 'neutral',
    summary: `${title}: ${text}`,
    fields: [],
    sections: [
      { type: 'text', text },
      ...(lines.length === 0 ? [] : [{ type: 'log', title: 'Output', lines } as const]),
    ],
    buttons: details,
    footer: `Run ${shortId(workflowId)}`,
  };
};
