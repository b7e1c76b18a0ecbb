import type { Button, CommandButton } from '../../cards/card.ts';
import { truncateEnd } from '../../text/plain-text.ts';
import { type ButtonData, buttonData, toReasonInputId } from './action-data.ts';
import type { Action, Execute, Line, ReasonInput } from './elements.ts';
import { jsonBytes, limits } from './limits.ts';
import { line, run } from './text.ts';

const styles = {
  good: { style: 'positive' },
  bad: { style: 'destructive' },
  neutral: {},
} as const;

type ActionStyle = Pick<Execute, 'style' | 'associatedInputs'>;

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** An Action.Execute; clients that do not support it send the same data as a message. */
const toExecute = (title: string, { verb, data }: ButtonData, style: ActionStyle = {}): Execute => {
  const shared = { title: truncateEnd(title, limits.buttonTitle), ...style };
  return {
    type: 'Action.Execute',
    ...shared,
    verb,
    data,
    fallback: { type: 'Action.Submit', ...shared, data: { verb, ...data } },
  };
};

const toButtonData = ({ command, args, digest, needsReason }: CommandButton): ButtonData => ({
  verb: 'command',
  data: {
    command,
    args,
    ...(digest === undefined ? {} : { digest }),
    ...(needsReason ? { needsReason } : {}),
  },
});

const renderConfirmation = ({ confirm }: CommandButton): readonly Line[] =>
  confirm === undefined
    ? []
    : [
        line([run(truncateEnd(confirm.title, limits.question), { weight: 'Bolder' })]),
        line([truncateEnd(confirm.text, limits.question)], 'Small'),
      ];

const renderReasonInput = (command: string): ReasonInput => ({
  type: 'Input.Text',
  id: toReasonInputId(command),
  label: 'Reason',
  placeholder: 'Visible to everyone who follows this run.',
  isMultiline: true,
  maxLength: limits.reason,
  isRequired: true,
  errorMessage: 'Enter a reason.',
});

const renderCommandButton = (button: CommandButton): Action | null => {
  const data = toButtonData(button);
  // A button whose click could not be read is left out.
  if (!buttonData.safeParse(data).success) return null;
  const { label, tone, confirm, needsReason } = button;
  const style = styles[tone];
  if (confirm === undefined && !needsReason)
    return toExecute(label, data, { ...style, associatedInputs: 'none' });
  const submit = needsReason
    ? toExecute(`${label} with this reason`, data, style)
    : toExecute(`Yes, ${lowerFirst(label)}`, data, { ...style, associatedInputs: 'none' });
  return {
    type: 'Action.ShowCard',
    title: truncateEnd(label, limits.buttonTitle),
    ...style,
    card: {
      type: 'AdaptiveCard',
      body: [...renderConfirmation(button), ...(needsReason ? [renderReasonInput(button.command)] : [])],
      actions: [submit],
    },
  };
};

const renderButton = (button: Button): Action | null => {
  if (button.kind === 'command') return renderCommandButton(button);
  const { label, url } = button;
  return url.length <= limits.url && /^https?:\/\/[^\s]+$/i.test(url)
    ? { type: 'Action.OpenUrl', title: truncateEnd(label, limits.buttonTitle), url }
    : null;
};

/** Shows the current state of a run: on a click, or when an approver's client refreshes the card. */
export const renderRefresh = (workflowId: string): Execute =>
  toExecute('Refresh', { verb: 'refresh', data: { run: workflowId } }, { associatedInputs: 'none' });

/** The buttons that fit; of several with the same reason input only the first, since its ID is unique. */
export const renderButtons = (buttons: readonly Button[], refresh: readonly Execute[]): readonly Action[] => {
  const actions: Action[] = [];
  let left = limits.maxButtonsBytes - jsonBytes(refresh);
  const inputs = new Set<string>();
  for (const button of buttons) {
    const input = button.kind === 'command' && button.needsReason ? button.command : null;
    const action = input !== null && inputs.has(input) ? null : renderButton(button);
    if (action === null || jsonBytes(action) > left || actions.length + refresh.length >= limits.buttons)
      continue;
    actions.push(action);
    left -= jsonBytes(action);
    if (input !== null) inputs.add(input);
  }
  return [...actions, ...refresh];
};
