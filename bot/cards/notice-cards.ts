import type { Card } from './card.ts';

/** One sentence that says what went wrong, and what helps. */
export const errorCard = (message: string, hint: string | null = null): Card => ({
  kind: 'error',
  title: 'That did not work',
  tone: 'bad',
  summary: message,
  fields: [],
  sections: [
    { type: 'text', text: message },
    ...(hint === null ? [] : [{ type: 'text', text: hint } as const]),
  ],
  buttons: [],
  footer: null,
});

/** One sentence that says what was done. */
export const infoCard = (title: string, message: string, tone: Card['tone'] = 'neutral'): Card => ({
  kind: 'notice',
  title,
  tone,
  summary: message,
  fields: [],
  sections: [{ type: 'text', text: message }],
  buttons: [],
  footer: null,
});
