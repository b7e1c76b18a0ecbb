import type { Person } from '../contract/person.ts';

/** A text as a client sent it, trimmed; empty when it is none. */
export const parseText = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** A person as a client sent it, or null when it is not one. */
export const parsePerson = (value: unknown): Person | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { id, name } = value as Record<string, unknown>;
  const known = parseText(id).toLowerCase();
  return known ? { id: known, name: parseText(name) || known } : null;
};
