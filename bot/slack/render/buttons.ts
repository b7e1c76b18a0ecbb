import { createHash } from 'node:crypto';
import type { ActionsBlock, Button as SlackButton } from '@slack/types';
import type { Button } from '../../cards/card.ts';
import { truncateEnd } from '../../text/plain-text.ts';
import { jsonBytes, limits } from './limits.ts';

/** What a button carries; the word is in its `action_id`. */
interface ButtonValue {
  readonly args: string;
  readonly digest?: string;
  /** Ask for a reason, in a window of this title. */
  readonly reason?: string;
}

const maxBytes = 4000;

const styles = { good: 'primary', bad: 'danger', neutral: null } as const;

const label = (text: string, limit: number) =>
  ({ type: 'plain_text', text: truncateEnd(text, limit), emoji: false }) as const;

const confirmation = (button: Extract<Button, { kind: 'command' }>) =>
  button.confirm === undefined
    ? {}
    : {
        confirm: {
          title: label(button.confirm.title, limits.confirmTitle),
          text: label(button.confirm.text, limits.confirmText),
          confirm: label(button.label, limits.confirmButton),
          deny: label('Go back', limits.confirmButton),
          style: button.tone === 'good' ? ('primary' as const) : ('danger' as const),
        },
      };

const draw = (button: Button, index: number): SlackButton | null => {
  const text = label(button.label, limits.buttonText);
  if (button.kind === 'link')
    return button.url.length > limits.url || !/^https?:\/\//i.test(button.url)
      ? null
      : { type: 'button', text, url: button.url, action_id: `link:${index}` };
  const style = styles[button.tone];
  const value: ButtonValue = {
    args: button.args,
    ...(button.digest === undefined ? {} : { digest: button.digest }),
    ...(button.needsReason ? { reason: button.label } : {}),
  };
  const carried = JSON.stringify(value);
  if (carried.length > limits.buttonValue) return null;
  return {
    type: 'button',
    text,
    ...(style === null ? {} : { style }),
    action_id: `command:${button.command}:${index}`,
    value: carried,
    ...confirmation(button),
  };
};

/** The buttons that Slack takes; their block has a new name whenever one of them changes. */
export const renderButtons = (buttons: readonly Button[]): readonly ActionsBlock[] => {
  const elements: SlackButton[] = [];
  let bytes = 0;
  for (const [index, button] of buttons.slice(0, limits.buttons).entries()) {
    const drawn = draw(button, index);
    if (drawn === null || bytes + jsonBytes(drawn) > maxBytes) continue;
    bytes += jsonBytes(drawn);
    elements.push(drawn);
  }
  if (elements.length === 0) return [];
  const name = createHash('sha256').update(JSON.stringify(elements)).digest('hex').slice(0, 12);
  return [{ type: 'actions', block_id: `buttons-${name}`, elements }];
};
