/**
 * Bytes of a message, which Teams counts in UTF-16. It takes 100 KB of a bot; 28 KB is what every
 * part of Microsoft 365 takes that a card may travel through.
 */
export const maxMessageBytes = 28 * 1024;

export const jsonBytes = (value: unknown): number => JSON.stringify(value).length * 2;

export const limits = {
  title: 150,
  fields: 15,
  /** Teams shows no more in one row. */
  buttons: 6,
  buttonTitle: 60,
  /** Of all buttons, in bytes. */
  maxButtonsBytes: 8000,
  question: 300,
  reason: 1000,
  url: 2000,
  footer: 500,
  summary: 500,
} as const;
