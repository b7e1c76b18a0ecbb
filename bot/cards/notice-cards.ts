import type { Card } from './card.ts';

/** An error: `message` names the problem and the consequence, `hint` the next command. */
export const errorCard = (message: string, hint: string | null = null): Card => ({
  kind: 'error',
  title: 'Failed',
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

/** One sentence about what was done. */
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
