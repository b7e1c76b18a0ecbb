import type { Button } from '../../cards/card.ts';
import { truncateEnd } from '../../text/plain-text.ts';
import { type ButtonData, buttonData, toReasonInputId } from './action-data.ts';
import type { Action, Execute, Line, ReasonInput } from './elements.ts';
import { jsonBytes, limits } from './limits.ts';
import { line, run } from './text.ts';

type CommandButton = Extract<Button, { kind: 'command' }>;

const styles = {
  good: { style: 'positive' },
  bad: { style: 'destructive' },
  neutral: {},
} as const;

type ActionStyle = Pick<Execute, 'style' | 'associatedInputs'>;

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** Clients without Action.Execute send the same as a message. */
const execute = (title: string, { verb, data }: ButtonData, look: ActionStyle = {}): Execute => {
  const sent = { title: truncateEnd(title, limits.buttonTitle), ...look };
  return {
    type: 'Action.Execute',
    ...sent,
    verb,
    data,
    fallback: { type: 'Action.Submit', ...sent, data: { verb, ...data } },
  };
};

const dataOf = ({ command, args, digest, needsReason }: CommandButton): ButtonData => ({
  verb: 'command',
  data: {
    command,
    args,
    ...(digest === undefined ? {} : { digest }),
    ...(needsReason ? { needsReason } : {}),
  },
});

const question = ({ confirm }: CommandButton): readonly Line[] =>
  confirm === undefined
    ? []
    : [
        line([run(truncateEnd(confirm.title, limits.question), { weight: 'Bolder' })]),
        line([truncateEnd(confirm.text, limits.question)], 'Small'),
      ];

const reasonFor = (command: string): ReasonInput => ({
  type: 'Input.Text',
  id: toReasonInputId(command),
  label: 'Reason',
  placeholder: 'Everybody who follows this run will read it.',
  isMultiline: true,
  maxLength: limits.reason,
  isRequired: true,
  errorMessage: 'Say why, in a word or two.',
});

const drawCommand = (button: CommandButton): Action | null => {
  const data = dataOf(button);
  // What would not be understood when it comes back is not sent out.
  if (!buttonData.safeParse(data).success) return null;
  const { label, tone, confirm, needsReason } = button;
  const style = styles[tone];
  if (confirm === undefined && !needsReason)
    return execute(label, data, { ...style, associatedInputs: 'none' });
  const answer = needsReason
    ? execute(`${label} with this reason`, data, style)
    : execute(`Yes, ${lowerFirst(label)}`, data, { ...style, associatedInputs: 'none' });
  return {
    type: 'Action.ShowCard',
    title: truncateEnd(label, limits.buttonTitle),
    ...style,
    card: {
      type: 'AdaptiveCard',
      body: [...question(button), ...(needsReason ? [reasonFor(button.command)] : [])],
      actions: [answer],
    },
  };
};

const draw = (button: Button): Action | null => {
  if (button.kind === 'command') return drawCommand(button);
  const { label, url } = button;
  return url.length <= limits.url && /^https?:\/\/[^\s]+$/i.test(url)
    ? { type: 'Action.OpenUrl', title: truncateEnd(label, limits.buttonTitle), url }
    : null;
};

/** Shows the run as it is now, to whoever presses it or, by itself, to those who may decide. */
export const refreshAction = (run: string): Execute =>
  execute('Refresh', { verb: 'refresh', data: { run } }, { associatedInputs: 'none' });

/** The buttons that Teams takes, as many as there is room for; each input for a reason is there once. */
export const renderButtons = (buttons: readonly Button[], refresh: readonly Execute[]): readonly Action[] => {
  const drawn: Action[] = [];
  let left = limits.maxButtonsBytes - jsonBytes(refresh);
  const asked = new Set<string>();
  for (const button of buttons) {
    const asks = button.kind === 'command' && button.needsReason ? button.command : null;
    const action = asks !== null && asked.has(asks) ? null : draw(button);
    if (action === null || jsonBytes(action) > left || drawn.length + refresh.length >= limits.buttons)
      continue;
    drawn.push(action);
    left -= jsonBytes(action);
    if (asks !== null) asked.add(asks);
  }
  return [...drawn, ...refresh];
};
