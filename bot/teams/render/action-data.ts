import { z } from 'zod';
import { limits } from './limits.ts';

/**
 * The ID of a button's reason input; Teams adds its text to the data of the button. Each button has its
 * own, because IDs are unique in a card.
 */
export const toReasonInputId = (command: string): string => `reason-${command}`;

// Cards that were posted by earlier versions send these shapes.
const commandData = z.object({
  verb: z.literal('command'),
  data: z.object({
    command: z.string().min(1).max(40),
    args: z.string().max(limits.url),
    digest: z.string().max(200).exactOptional(),
    needsReason: z.boolean().exactOptional(),
  }),
});

const refreshData = z.object({
  verb: z.literal('refresh'),
  data: z.object({ run: z.string().min(1).max(200) }),
});

/** The data of Quarterdeck's buttons. Anyone can send it, so it proves nothing: the run decides. */
export const buttonData = z.discriminatedUnion('verb', [commandData, refreshData]);

export type ButtonData = z.output<typeof buttonData>;

/** A command, typed or behind a button. */
export interface ParsedCommand {
  readonly command: string;
  readonly args: string;
  /** Digest of the plan that the card showed. */
  readonly digest?: string;
}

/** The meaning of a click. */
export type ActionData =
  | ({ readonly kind: 'command' } & ParsedCommand)
  | { readonly kind: 'refresh'; readonly run: string }
  /** The button requires a reason, and none was entered. */
  | { readonly kind: 'missing_reason' }
  /** A button of another version: no command is guessed from it. */
  | { readonly kind: 'unknown' };

const reasonText = z.string().trim().catch('');

/** Reads the data of a clicked button, to which Teams added the card's inputs. */
export const parseActionData = (verb: unknown, data: unknown): ActionData => {
  const button = buttonData.safeParse({ verb, data });
  if (!button.success) return { kind: 'unknown' };
  if (button.data.verb === 'refresh') return { kind: 'refresh', run: button.data.data.run };
  const { needsReason, ...command } = button.data.data;
  if (!needsReason) return { kind: 'command', ...command };
  const inputs = z.record(z.string(), z.unknown()).catch({}).parse(data);
  // Earlier versions named the input `reason`.
  const reason = reasonText.parse(inputs[toReasonInputId(command.command)] ?? inputs.reason);
  if (reason === '') return { kind: 'missing_reason' };
  return { kind: 'command', ...command, args: `${command.args} ${reason}` };
};

export const unknownAction = 'This button is outdated. Nothing was done. Send “help” for the commands.';
export const missingReason = 'Enter a reason. Nothing was submitted.';
