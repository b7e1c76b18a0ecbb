import { createTextRedactor, secretValues } from '../../process/redact.ts';
import type { TerraformDependencies, TerraformWorkspace } from '../workspace.ts';
import { minSecretLength } from './sensitive-values.ts';

/** Hides what is known before any plan was read: the worker's own secrets, and whatever looks like one. */
export const createBaseRedactor = (
  { env }: Pick<TerraformDependencies, 'env'>,
  { backend }: Pick<TerraformWorkspace, 'backend'>,
): Redact => {
  const settings = createRedactor(secretBackendValues(backend));
  const own = createTextRedactor(secretValues(env));
  return (text) => own(settings(text));
};

const secretName = /pass|secret|token|credential|conn_str|access_key|private|encryption_key|sas/i;

/** The password in an address such as a connection string. */
const passwordIn = (value: string): readonly string[] => {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:([^@\s]+)@/i.exec(value)?.[1];
  return password ? [password] : [];
};

/** Those of the catalog's backend settings that must not be seen in a log. */
export const secretBackendValues = (settings: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) =>
    secretName.test(name) ? [value, ...passwordIn(value)] : passwordIn(value),
  );

export type Redact = (text: string) => string;

const mask = '***';

/** Terraform writes strings as JSON does, and doubles what begins a template. */
const spellings = (secret: string): readonly string[] => {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [secret, quoted, quoted.replace(/([$%])\{/g, '$1$1{')];
};

const keyAt = (text: string, at: number): number =>
  (((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) * 31 +
    text.charCodeAt(at + 3)) |
  0;

/** Secrets that begin alike, by their length, the longest first: one that begins another must not be found before it. */
type Alike = [length: number, texts: Set<string>][];

const addTo = (alike: Alike, text: string): void => {
  const sameLength = alike.find(([length]) => length === text.length);
  if (sameLength) sameLength[1].add(text);
  else alike.push([text.length, new Set([text])]);
};

/**
 * Hides known secrets in a text. Looks secrets up by their first characters, so thousands of them
 * cost no more than one: a plan of many resources may have many.
 */
export const createRedactor = (secrets: Iterable<string>): Redact => {
  const byStart = new Map<number, Alike>();
  for (const secret of secrets) {
    for (const spelling of new Set(spellings(secret))) {
      if (spelling.length < minSecretLength) continue;
      const key = keyAt(spelling, 0);
      const alike = byStart.get(key) ?? [];
      addTo(alike, spelling);
      byStart.set(key, alike);
    }
  }
  for (const alike of byStart.values()) alike.sort(([a], [b]) => b - a);
  if (byStart.size === 0) return (text) => text;

  const foundAt = (text: string, at: number): number =>
    byStart.get(keyAt(text, at))?.find(([length, texts]) => texts.has(text.slice(at, at + length)))?.[0] ?? 0;

  return (text) => {
    let clean = '';
    let from = 0;
    for (let at = 0; at + minSecretLength <= text.length; at += 1) {
      const length = foundAt(text, at);
      if (length === 0) continue;
      clean += text.slice(from, at) + mask;
      from = at + length;
      at = from - 1;
    }
    return from === 0 ? text : clean + text.slice(from);
  };
};
