import { createHash } from 'node:crypto';
import type { Conversation } from '../../../workflows/contract/conversation.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import type { Card } from '../../cards/card.ts';
import type { ThreadPost } from '../../platform/platform.ts';

/** The platform's name; the names of its conversations start with it. */
export const consoleName = 'console';

export const toConversation = (name: string): Conversation => `${consoleName}:${name}`;

export const getConversationName = (conversation: Conversation): string =>
  conversation.slice(consoleName.length + 1);

export const mainConversation = toConversation('main');

/** True for names that are safe in a URL: 1 to 60 letters, digits, `_`, `.` or `-`. */
export const isConversationName = (name: string): boolean => /^[\w.-]{1,60}$/.test(name);

/** One message of a conversation. */
export type Entry = {
  /** The id of the element on the page; starts with `e-`. */
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  /** The only person who sees it; null: everyone does. */
  readonly onlyFor: string | null;
} & EntryContent;

type EntryContent =
  | { readonly kind: 'command'; readonly by: Person; readonly text: string }
  | { readonly kind: 'note'; readonly card: Card }
  | {
      /** A run's card: rendered from the cached run, else `fallback`. */
      readonly kind: 'run';
      readonly workflowId: string;
      readonly fallback: Card | null;
      readonly thread: readonly ThreadLine[];
    };

/** A post in a run's thread; a file is shown by its title. */
export interface ThreadLine {
  readonly part: string;
  readonly post: Omit<ThreadPost, 'file'>;
  readonly file: string | null;
}

/** The conversations, in memory. Run cards are restored at startup; typed commands and replies are not. */
export interface Conversations {
  names(): readonly Conversation[];
  /** Oldest first, without the entries that are only for other people. */
  list(conversation: Conversation, person: string | null): readonly Entry[];
  /** Adds an entry, or replaces the one with the same key. */
  add(conversation: Conversation, key: string, content: EntryContent, options?: AddOptions): Entry;
  /** Adds to a run's thread; false when the conversation has no card of that run. */
  addToThread(conversation: Conversation, key: string, line: ThreadLine): boolean;
  /** Returns the function that unsubscribes. */
  onChange(listener: () => void): () => void;
}

interface AddOptions {
  /** ms since the epoch; default now. */
  readonly at?: number;
  readonly onlyFor?: string | null;
}

const maxEntries = 200;
const maxConversations = 50;
const maxThreadLines = 60;

/** The same key gives the same id, so an entry that is posted twice appears once. */
const toEntryId = (conversation: Conversation, key: string): string =>
  `e-${createHash('sha256').update(`${conversation}\n${key}`).digest('hex').slice(0, 16)}`;

export const createConversations = (): Conversations => {
  const all = new Map<Conversation, Map<string, Entry>>([[mainConversation, new Map()]]);
  const listeners = new Set<() => void>();

  const notify = (): void => {
    for (const listener of listeners) listener();
  };

  const getOrCreate = (conversation: Conversation): Map<string, Entry> => {
    const known = all.get(conversation);
    if (known !== undefined) return known;
    const created = new Map<string, Entry>();
    all.set(conversation, created);
    const oldest = [...all.keys()].find((name) => name !== mainConversation);
    if (all.size > maxConversations && oldest !== undefined) all.delete(oldest);
    return created;
  };

  const trim = (entries: Map<string, Entry>): void => {
    const surplus = entries.size - maxEntries;
    for (const id of [...entries.keys()].slice(0, Math.max(0, surplus))) entries.delete(id);
  };

  return {
    names: () => [...all.keys()],
    list: (conversation, person) =>
      [...(all.get(conversation)?.values() ?? [])]
        .filter(({ onlyFor }) => onlyFor === null || onlyFor === person)
        .sort((a, b) => a.at - b.at),
    add(conversation, key, content, { at = Date.now(), onlyFor = null } = {}) {
      const entries = getOrCreate(conversation);
      const id = toEntryId(conversation, key);
      const known = entries.get(id);
      const kept = known?.kind === 'run' && content.kind === 'run' ? { thread: known.thread } : {};
      const entry: Entry = { ...content, ...kept, id, at: known?.at ?? at, onlyFor };
      entries.set(id, entry);
      trim(entries);
      notify();
      return entry;
    },
    addToThread(conversation, key, line) {
      const entries = getOrCreate(conversation);
      const entry = entries.get(toEntryId(conversation, key));
      if (entry?.kind !== 'run') return false;
      if (!entry.thread.some(({ part }) => part === line.part))
        entries.set(entry.id, { ...entry, thread: [...entry.thread, line].slice(-maxThreadLines) });
      notify();
      return true;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
