import type { Env } from './environment.ts';

const secretName =
  /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE|(^|_)(KEYS?|PAT|PWD_?HASH)(_|$)/i;
/** These hold a path or an address, whatever their name says. */
const placeName = /_(FILE|PATH|DIR|SOCK|URL|ENDPOINT|AUTHORITY)$/i;
const shortest = 6;

const passwordOf = (value: string): string[] => {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:([^@\s]+)@/i.exec(value)?.[1];
  return password ? [password] : [];
};

/** A key ring such as `id:base64,id:base64` is a secret in each of its parts. */
const partsOf = (value: string): string[] => [
  value,
  ...value.split('\n'),
  ...value
    .split(/[,;]/)
    .flatMap((part) => [part, part.slice(part.indexOf(':') + 1)].filter((p) => p.length >= 16)),
];

const isBoring = (value: string): boolean =>
  value.length < shortest || /^(true|false|null|undefined|\d{1,8})$/i.test(value);

/** The values in an environment that must not be shown: by the variable's name, or in an address. */
export const secretValues = (env: Env): string[] =>
  Object.entries(env).flatMap(([name, value]) => {
    if (!value) return [];
    if (!secretName.test(name) || placeName.test(name) || value.startsWith('/')) return passwordOf(value);
    return [...partsOf(value), ...passwordOf(value)];
  });

/** The forms in which a value turns up in output, without what would blot out half a log. */
export const writtenForms = (values: readonly string[]): string[] => {
  const forms = values
    .map((value) => value.trim())
    .filter((value) => !isBoring(value))
    .flatMap((value) => [
      value,
      ...value.split('\n').map((line) => line.trim()),
      encodeURIComponent(value.toWellFormed()),
      JSON.stringify(value).slice(1, -1),
      Buffer.from(value).toString('base64'),
    ])
    .filter((form) => form.length >= shortest);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
};
