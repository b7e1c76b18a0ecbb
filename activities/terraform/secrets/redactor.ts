import { createTextRedactor, type Redact, secretValues } from '../../process/redact.ts';
import type { TerraformDependencies, TerraformWorkspace } from '../workspace.ts';
import { minSecretLength } from './sensitive-values.ts';

const redactionMark = '***';

/** The ways in which Terraform writes a string: as it is, as in JSON, and with escaped templates. */
const getSpellings = (secret: string): readonly string[] => {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [secret, quoted, quoted.replace(/([$%])\{/g, '$1$1{')];
};

/** A hash of the four characters at `at`. */
const hashAt = (text: string, at: number): number =>
  (((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) * 31 +
    text.charCodeAt(at + 3)) |
  0;

/** Secrets with the same beginning, by length. The longest is first: a shorter one may be its beginning. */
type Candidates = [length: number, texts: Set<string>][];

const addCandidate = (candidates: Candidates, text: string): void => {
  const sameLength = candidates.find(([length]) => length === text.length);
  if (sameLength) sameLength[1].add(text);
  else candidates.push([text.length, new Set([text])]);
};

/**
 * Replaces known secrets in a text with `***`. Finds them by their first characters, so thousands of secrets cost
 * no more than one: a plan with many resources may have many.
 */
export const createRedactor = (secrets: Iterable<string>): Redact => {
  const byStart = new Map<number, Candidates>();
  for (const secret of secrets) {
    for (const spelling of new Set(getSpellings(secret))) {
      if (spelling.length < minSecretLength) continue;
      const hash = hashAt(spelling, 0);
      const candidates = byStart.get(hash) ?? [];
      addCandidate(candidates, spelling);
      byStart.set(hash, candidates);
    }
  }
  for (const candidates of byStart.values()) candidates.sort(([a], [b]) => b - a);
  if (byStart.size === 0) return (text) => text;

  const findLengthAt = (text: string, at: number): number =>
    byStart.get(hashAt(text, at))?.find(([length, texts]) => texts.has(text.slice(at, at + length)))?.[0] ??
    0;

  return (text) => {
    let redacted = '';
    let from = 0;
    for (let at = 0; at + minSecretLength <= text.length; at += 1) {
      const length = findLengthAt(text, at);
      if (length === 0) continue;
      redacted += text.slice(from, at) + redactionMark;
      from = at + length;
      at = from - 1;
    }
    return from === 0 ? text : redacted + text.slice(from);
  };
};

const secretSettingName = /pass|secret|token|credential|conn_str|access_key|private|encryption_key|sas/i;

/** The password in a URL, such as a connection string. */
const findPassword = (value: string): readonly string[] => {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:([^@\s]+)@/i.exec(value)?.[1];
  return password ? [password] : [];
};

/** The values of the catalog's backend settings that must not appear in a log. */
export const secretBackendValues = (settings: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) =>
    secretSettingName.test(name) ? [value, ...findPassword(value)] : findPassword(value),
  );

/**
 * Redacts the secrets that are known without a plan: those of the backend settings and of the worker's environment,
 * and text in the form of a well-known token.
 */
export const createBaseRedactor = (
  { env }: Pick<TerraformDependencies, 'env'>,
  { backend }: Pick<TerraformWorkspace, 'backend'>,
): Redact => {
  const redactSettings = createRedactor(secretBackendValues(backend));
  const redactEnv = createTextRedactor(secretValues(env));
  return (text) => redactEnv(redactSettings(text));
};
