import { LRUCache } from 'lru-cache';
import { randomToken } from './security/sign.ts';

/** Sentences for the next page, for browsers that cannot show them at once. */
export interface Notices {
  /** A name that can stand in an address. */
  keep(text: string): string;
  take(name: string): string | null;
}

export const createNotices = (): Notices => {
  const kept = new LRUCache<string, string>({ max: 200, ttl: 300_000 });
  return {
    keep(text) {
      const name = randomToken();
      kept.set(name, text);
      return name;
    },
    take: (name) => kept.get(name) ?? null,
  };
};
