import { createHash } from 'node:crypto';
import type { Conversation } from '../../../workflows/contract/conversation.ts';
import { type Entry, type EntryContent, mainConversation, type ThreadLine } from './entry.ts';

/** What was said, in memory: cards are drawn from the runs, so only the small talk ends with the process. */
export interface Conversations {
  names(): readonly Conversation[];
  /** Oldest first; only what this person may see. */
  list(conversation: Conversation, person: string | null): readonly Entry[];
  add(conversation: Conversation, key: string, content: EntryContent, options?: AddOptions): Entry;
  /** Adds to a run's thread; false when that run has no card there. */
  addToThread(conversation: Conversation, key: string, line: ThreadLine): boolean;
  onChange(listener: () => void): () => void;
}

interface AddOptions {
  readonly at?: number;
  readonly onlyFor?: string | null;
}

const maxEntries = 200;
const maxConversations = 50;
const maxThreadLines = 60;

/** The same key gives the same place in the conversation, so what is posted twice is there once. */
const toEntryId = (conversation: Conversation, key: string): string =>
  `e-${createHash('sha256').update(`${conversation}\n${key}`).digest('hex').slice(0, 16)}`;

export const createConversations = (): Conversations => {
  const all = new Map<Conversation, Map<string, Entry>>([[mainConversation, new Map()]]);
  const listeners = new Set<() => void>();

  const tell = (): void => {
    for (const listener of listeners) listener();
  };

  const entriesOf = (conversation: Conversation): Map<string, Entry> => {
    const known = all.get(conversation);
    if (known !== undefined) return known;
    const fresh = new Map<string, Entry>();
    all.set(conversation, fresh);
    const oldest = [...all.keys()].find((name) => name !== mainConversation);
    if (all.size > maxConversations && oldest !== undefined) all.delete(oldest);
    return fresh;
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
      const entries = entriesOf(conversation);
      const id = toEntryId(conversation, key);
      const known = entries.get(id);
      const kept = known?.kind === 'run' && content.kind === 'run' ? { thread: known.thread } : {};
      const entry: Entry = { ...content, ...kept, id, at: known?.at ?? at, onlyFor };
      entries.set(id, entry);
      trim(entries);
      tell();
      return entry;
    },
    addToThread(conversation, key, line) {
      const entries = entriesOf(conversation);
      const entry = entries.get(toEntryId(conversation, key));
      if (entry?.kind !== 'run') return false;
      if (!entry.thread.some(({ part }) => part === line.part))
        entries.set(entry.id, { ...entry, thread: [...entry.thread, line].slice(-maxThreadLines) });
      tell();
      return true;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
