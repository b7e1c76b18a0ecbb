// Slack counts a message's blocks in a way it does not tell, and refuses them near 13,200 characters;
// messages of rich_text were refused with 11,300 characters of text in them. So what is
// measured is the whole JSON, in bytes.
/** Bytes of a message's blocks. */
export const maxMessageBytes = 12_000;

export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

export const limits = {
  blocks: 50,
  viewBlocks: 100,
  header: 150,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  buttons: 25,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  contextText: 2000,
  /** chat.update refuses 4,000 and more. */
  fallback: 3000,
  viewTitle: 24,
  privateMetadata: 3000,
} as const;
