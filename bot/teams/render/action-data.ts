import { z } from 'zod';
import type { ParsedCommand } from '../listeners/invocation.ts';
import { limits } from './limits.ts';

/** What a pressed button asks for. */
export type ActionData =
  | ({ readonly kind: 'command' } & ParsedCommand)
  | { readonly kind: 'refresh'; readonly run: string }
  /** A reason is asked for and none was written. */
  | { readonly kind: 'unreasoned' }
  /** A button of another version; it is not guessed at. */
  | { readonly kind: 'strange' };

const written = z.string().trim().catch('');

/** Teams adds what was written into a card's inputs to the button's own data. */
export const parseActionData = (verb: unknown, data: unknown): ActionData => {
  const button = buttonData.safeParse({ verb, data });
  if (!button.success) return { kind: 'strange' };
  if (button.data.verb === 'refresh') return { kind: 'refresh', run: button.data.data.run };
  const { needsReason, ...wanted } = button.data.data;
  if (!needsReason) return { kind: 'command', ...wanted };
  const inputs = z.record(z.string(), z.unknown()).catch({}).parse(data);
  // Cards that were posted by an earlier version call it by its bare name.
  const reason = written.parse(inputs[toReasonInputId(wanted.command)] ?? inputs.reason);
  if (reason === '') return { kind: 'unreasoned' };
  return { kind: 'command', ...wanted, args: `${wanted.args} ${reason}` };
};

export const unknownAction =
  'This button was made by another version of the bot, so nothing was done. Type help for the words.';
export const missingReason = 'Say why, in a word or two. Nothing was decided.';

/**
 * The id of a button's input for a reason; Teams adds what was written to the data of the button. Each has
 * its own, because a card cannot have an input twice.
 */
export const toReasonInputId = (command: string): string => `reason-${command}`;

const command = z.object({
  verb: z.literal('command'),
  data: z.object({
    command: z.string().min(1).max(40),
    args: z.string().max(limits.url),
    digest: z.string().max(200).exactOptional(),
    needsReason: z.boolean().exactOptional(),
  }),
});

const refresh = z.object({
  verb: z.literal('refresh'),
  data: z.object({ run: z.string().min(1).max(200) }),
});

/** What a button of ours sends. Anybody can send anything: it is a wish, and Temporal decides. */
export const buttonData = z.discriminatedUnion('verb', [command, refresh]);

export type ButtonData = z.output<typeof buttonData>;
