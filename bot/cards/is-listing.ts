import type { Card } from './card.ts';

/** What somebody asked to see, not a word about what was done: it is shown whole, also to who pressed a button. */
export const isListing = ({ sections }: Card): boolean => sections.some(({ type }) => type === 'list');
