import { LRUCache } from 'lru-cache';
import pTimeout from 'p-timeout';
import type { Person } from '../../../workflows/contract/person.ts';
import { UserError } from '../errors.ts';

/** Refuses a command before anything was done; `hint` is what the person can do about it. */
export const refuseUser = (problem: string, hint?: string): never => {
  throw new UserError(`${problem} Nothing was done.`, hint === undefined ? {} : { hint });
};

const maxUsers = 5000;
/** Short enough that a changed email or a new guest is noticed the same day. */
const cacheMs = 15 * 60_000;

export interface UserCacheOptions<Sender> {
  /** Asks the chat; throws `UserError` for a person who may not use the bot. */
  readonly lookUp: (sender: Sender) => Promise<Person>;
  /** Turns a failed look-up into the sentence for the person. */
  readonly explain: (error: unknown) => UserError;
  /** How long a person waits; a late look-up continues and serves the next request. */
  readonly timeoutMs: number;
}

/**
 * Resolves chat users to people, one look-up for any number of simultaneous requests. Rejects with
 * `UserError` when the person is not known or the chat does not answer in time.
 */
export const createUserCache = <Sender>({ lookUp, explain, timeoutMs }: UserCacheOptions<Sender>) => {
  const people = new LRUCache<string, Person, { readonly sender: Sender }>({
    max: maxUsers,
    ttl: cacheMs,
    fetchMethod: (_id, _stale, { context }) => lookUp(context.sender),
  });
  return async (id: string, sender: Sender): Promise<Person> => {
    try {
      const person = await pTimeout(people.fetch(id, { context: { sender } }), { milliseconds: timeoutMs });
      if (person === undefined) throw new Error(`looking up ${id}: no answer`);
      return person;
    } catch (error) {
      throw explain(error);
    }
  };
};
