import type { Person } from '../contract/person.ts';
import { parsePerson } from './parse.ts';

/** What somebody asked for through an update or a signal, whoever sent it. */
export interface Request {
  readonly by: Person | null;
  /** A name without an identity, as the signal `approve` carries it. */
  readonly name: string | null;
  readonly reason: string | null;
  readonly digest: string | null;
  /** Under which the same request may come a second time. */
  readonly key: string | null;
}

const longest = 2_000;

const text = (value: unknown): string | null => {
  const trimmed = typeof value === 'string' ? value.trim().slice(0, longest) : '';
  return trimmed || null;
};

const nothing: Request = { by: null, name: null, reason: null, digest: null, key: null };

/** The payload of an update, and of the signals that carry the same. A bare string is a reason. */
export const parseRequest = (value: unknown): Request => {
  if (typeof value === 'string') return { ...nothing, reason: text(value) };
  if (typeof value !== 'object' || value === null) return nothing;
  const { by, reason, planDigest, key } = value as Record<string, unknown>;
  return {
    by: parsePerson(by),
    name: null,
    reason: text(reason),
    digest: text(planDigest),
    key: text(key),
  };
};

/** The payload of the signal `approve`: a name, or `{name}`. */
export const parseNamed = (value: unknown): Request => {
  const name = typeof value === 'object' && value !== null ? (value as Record<string, unknown>).name : value;
  return { ...nothing, name: text(name) };
};
