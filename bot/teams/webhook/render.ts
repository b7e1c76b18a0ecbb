import type { Button, Card } from '../../cards/card.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { ThreadPost } from '../../platform/platform.ts';
import { shortId } from '../../text/run-name.ts';
import { renderMessage } from '../render/adaptive-card.ts';
import { maxMessageBytes } from '../render/limits.ts';

/** What a workflow takes, in bytes. */
const limit = 28 * 1024;

const draw = (card: Card, room?: number): string => {
  const { attachments } = renderMessage(card, {
    refresh: null,
    ...(room === undefined ? {} : { maxBytes: room }),
  });
  return JSON.stringify({ type: 'message', attachments });
};

/** A card as a workflow takes it: nobody can press a button there, but links open. */
export const renderWebhookMessage = (card: Card): string => {
  const told = { ...card, buttons: card.buttons.filter(({ kind }) => kind === 'link') };
  const bare = { ...told, fields: [], sections: [{ type: 'text', text: card.summary }] } as const;
  const drawings = [() => draw(told), () => draw(told, maxMessageBytes / 2), () => draw(bare)];
  for (const drawing of drawings) {
    const drawn = drawing();
    if (Buffer.byteLength(drawn) <= limit) return drawn;
  }
  return draw({ ...bare, sections: [{ type: 'text', text: card.summary.slice(0, 2000) }] });
};

/** There are no threads: what would be added to one is a small card that names its run. */
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
