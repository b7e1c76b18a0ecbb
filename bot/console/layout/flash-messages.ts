import { LRUCache } from 'lru-cache';
import { randomToken } from '../security/signer.ts';

/** Sentences for the next page, for browsers that cannot show them at once. */
export interface FlashMessages {
  /** A name that can stand in an address. */
  add(text: string): string;
  take(name: string): string | null;
}

export const createFlashMessages = (): FlashMessages => {
  const kept = new LRUCache<string, string>({ max: 200, ttl: 300_000 });
  return {
    add(text) {
      const name = randomToken();
      kept.set(name, text);
      return name;
    },
    take: (name) => kept.get(name) ?? null,
  };
};
