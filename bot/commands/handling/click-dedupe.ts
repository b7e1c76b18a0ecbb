import { LRUCache } from 'lru-cache';

/**
 * Names a click. A second click on the same button within seconds is the same wish, so it gets the
 * first one's name, and Temporal answers both alike.
 */
export const createClickDedupe = (forMs = 10_000) => {
  const recent = new LRUCache<string, string>({ max: 10_000, ttl: forMs });
  return (button: readonly string[], fresh: string): string => {
    const name = button.join('\n');
    const key = recent.get(name) ?? fresh;
    if (!recent.has(name)) recent.set(name, key);
    return key;
  };
};
