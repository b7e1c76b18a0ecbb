import { createHash } from 'node:crypto';
import type { ActionsBlock, Button as SlackButton } from '@slack/types';
import type { Button } from '../../cards/card.ts';
import { truncateEnd } from '../../text/plain-text.ts';
import { jsonBytes, limits } from './limits.ts';

/** The `value` of a button; its command is in the `action_id`. */
interface ButtonValue {
  readonly args: string;
  readonly digest?: string;
  /** The title of the dialog that asks for a reason. */
  readonly reason?: string;
}

/** Bytes of all buttons of a card, so that its sections keep most of the message. */
const maxButtonsBytes = 4000;

const styles = { good: 'primary', bad: 'danger', neutral: null } as const;

const plainText = (text: string, limit: number) =>
  ({ type: 'plain_text', text: truncateEnd(text, limit), emoji: false }) as const;

const confirmation = (button: Extract<Button, { kind: 'command' }>) =>
  button.confirm === undefined
    ? {}
    : {
        confirm: {
          title: plainText(button.confirm.title, limits.confirmTitle),
          text: plainText(button.confirm.text, limits.confirmText),
          confirm: plainText(button.label, limits.confirmButton),
          deny: plainText('Go back', limits.confirmButton),
          style: button.tone === 'good' ? ('primary' as const) : ('danger' as const),
        },
      };

const renderButton = (button: Button, index: number): SlackButton | null => {
  const text = plainText(button.label, limits.buttonText);
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
  const json = JSON.stringify(value);
  if (json.length > limits.buttonValue) return null;
  return {
    type: 'button',
    text,
    ...(style === null ? {} : { style }),
    action_id: `command:${button.command}:${index}`,
    value: json,
    ...confirmation(button),
  };
};

/**
 * The buttons that fit. Their block gets a new ID whenever one of them changes, so that Slack does not
 * keep the state of an old one.
 */
export const renderButtons = (buttons: readonly Button[]): readonly ActionsBlock[] => {
  const elements: SlackButton[] = [];
  let bytes = 0;
  for (const [index, button] of buttons.slice(0, limits.buttons).entries()) {
    const rendered = renderButton(button, index);
    if (rendered === null || bytes + jsonBytes(rendered) > maxButtonsBytes) continue;
    bytes += jsonBytes(rendered);
    elements.push(rendered);
  }
  if (elements.length === 0) return [];
  const name = createHash('sha256').update(JSON.stringify(elements)).digest('hex').slice(0, 12);
  return [{ type: 'actions', block_id: `buttons-${name}`, elements }];
};
