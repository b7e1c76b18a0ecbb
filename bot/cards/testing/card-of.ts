import type { Button, Card } from '../card.ts';

/** A card with nothing on it but what a test puts there. */
export const cardOf = (over: Partial<Card> = {}): Card => ({
  kind: 'notice',
  title: 'Deploy web to production',
  tone: 'warning',
  summary: 'Deploy web to production: waiting for approval',
  fields: [],
  sections: [],
  buttons: [],
  footer: null,
  ...over,
});

export const approve: Extract<Button, { kind: 'command' }> = {
  kind: 'command',
  action: 'decide',
  label: 'Approve',
  tone: 'good',
  command: 'approve',
  args: 'total-build-1',
  digest: 'd'.repeat(64),
};
