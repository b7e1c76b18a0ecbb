/**
 * Bytes of a message's blocks as JSON. Slack rejects blocks near 13,200 characters in a way that it does
 * not document (https://github.com/slackapi/bolt-js/issues/2509), and rich_text with 11,300 characters
 * of text in it was rejected too, so the bot measures the whole JSON and stays below both.
 */
export const maxMessageBytes = 12_000;

export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Characters, or elements, unless a line says otherwise. */
export const limits = {
  // Blocks of a view: https://docs.slack.dev/reference/block-kit/blocks
  viewBlocks: 100,
  // https://docs.slack.dev/reference/block-kit/blocks/header-block
  header: 150,
  // https://docs.slack.dev/reference/block-kit/block-elements/button-element
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  // https://docs.slack.dev/reference/block-kit/blocks/actions-block
  buttons: 25,
  // https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  // chat.update rejects a text of 4,000 characters: https://docs.slack.dev/reference/methods/chat.update
  fallback: 3000,
  // https://docs.slack.dev/reference/views/modal-views
  viewTitle: 24,
  privateMetadata: 3000,
} as const;
