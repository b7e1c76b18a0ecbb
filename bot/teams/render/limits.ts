/**
 * Bytes of a message, which Teams counts in UTF-16. A bot may send 100 KB; 28 KB is what every part of
 * Microsoft 365 accepts that a card may pass through.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
export const maxMessageBytes = 28 * 1024;

/** Bytes of a value as JSON in UTF-16. */
export const jsonBytes = (value: unknown): number => JSON.stringify(value).length * 2;

/**
 * People with a personal view of a card.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views
 */
export const maxRefreshUsers = 60;

/** Characters, or elements, unless a line says otherwise. Teams documents limits for `buttons` only. */
export const limits = {
  title: 150,
  fields: 15,
  // https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
  buttons: 6,
  buttonTitle: 60,
  /** Bytes of all buttons. */
  maxButtonsBytes: 8000,
  question: 300,
  reason: 1000,
  url: 2000,
  footer: 500,
  summary: 500,
} as const;
