import { LRUCache } from 'lru-cache';

/**
 * Makes the idempotency key of a click. A second click on the same button within `windowMs` gets the key of the
 * first one, so Temporal handles both as one request.
 */
export const createClickDedupe = (windowMs = 10_000) => {
  const recent = new LRUCache<string, string>({ max: 10_000, ttl: windowMs });
  return (button: readonly string[], fresh: string): string => {
    const name = button.join('\n');
    const key = recent.get(name) ?? fresh;
    if (!recent.has(name)) recent.set(name, key);
    return key;
  };
};
