import { z } from 'zod';
import { limits } from './limits.ts';

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
