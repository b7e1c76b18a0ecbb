import { AdaptiveCard, HostConfig, SerializationContext, Versions } from 'adaptivecards';
import { jsonBytes, limits, maxMessageBytes } from '../limits.ts';

const fail: (path: string, why: string) => never = (path, why) => {
  throw new Error(`${path}: ${why}`);
};

// What is drawn of 1.5. TextBlock and FactSet are missing, for they read Markdown.
const types = new Set([
  'AdaptiveCard',
  'Container',
  'RichTextBlock',
  'TextRun',
  'Input.Text',
  'Action.Execute',
  'Action.Submit',
  'Action.ShowCard',
  'Action.OpenUrl',
]);

const isJson = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Rules that no validator checks. */
const walk = (path: string, value: unknown): void => {
  if (typeof value === 'string' && !value.isWellFormed()) fail(path, 'holds half a character');
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) {
      if (item === '') fail(`${path}[${index}]`, 'is empty');
      walk(`${path}[${index}]`, item);
    }
  if (!isJson(value)) return;
  const { type, url, title, text } = value;
  if (type !== undefined && !types.has(String(type))) fail(path, `is of a type that is not used: ${type}`);
  if (url !== undefined && !/^https?:\/\//i.test(String(url)))
    fail(path, 'leads to something else than the web');
  if (title === '' || text === '') fail(path, 'says nothing');
  if ('isEnabled' in value) fail(path, 'has isEnabled, which Teams does not know');
  for (const [key, item] of Object.entries(value)) if (key !== 'data') walk(`${path}.${key}`, item);
};

/** What the validator of Adaptive Cards has against a card, read as version 1.5. */
const complaints = (card: object): readonly string[] => {
  const context = new SerializationContext(Versions.v1_5);
  const read = new AdaptiveCard();
  read.hostConfig = new HostConfig({ actions: { maxActions: limits.buttons } });
  read.parse(card, context);
  return [
    ...Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index)),
    ...read.validateProperties().validationEvents,
  ].map(({ message }) => message);
};

/** Throws when Teams would refuse or misread this message. */
export const assertMessage = (message: {
  readonly summary: string;
  readonly attachments: readonly { readonly content?: unknown }[];
}): void => {
  const card = message.attachments[0]?.content;
  if (!isJson(card)) fail('message', 'has no card');
  const [complaint] = complaints(card);
  if (complaint !== undefined) fail('card', complaint);
  if (card.version !== '1.5') fail('card.version', 'is not 1.5');
  if (typeof card.fallbackText !== 'string' || card.fallbackText === '') fail('card', 'has no fallbackText');
  if (message.summary.trim() === '') fail('message.summary', 'is empty');
  walk('card', card);
  const bytes = jsonBytes(message);
  if (bytes > maxMessageBytes) fail('message', `takes ${bytes} bytes`);
};
