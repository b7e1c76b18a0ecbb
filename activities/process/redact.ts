import type { ProcessEnv } from './process-env.ts';

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
export const secretValues = (env: ProcessEnv): string[] =>
  Object.entries(env).flatMap(([name, value]) => {
    if (!value) return [];
    if (!secretName.test(name) || placeName.test(name) || value.startsWith('/')) return passwordOf(value);
    return [...partsOf(value), ...passwordOf(value)];
  });

/** The forms in which a value turns up in output, without what would blot out half a log. */
const encodedForms = (values: readonly string[]): string[] => {
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

export type Redact = (text: string) => string;

const redactionMark = '***';

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, redactionMark],
  // Credentials in an address.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@'"]+@/gi, `$1${redactionMark}@`],
  // GitHub, GitLab, npm, Slack, AWS, Google, Stripe, OpenAI and the like, JSON Web Tokens.
  [/\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})/g, redactionMark],
  [/\b(xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|xwfp-[\w-]{8,})/g, redactionMark],
  [/https:\/\/hooks\.slack\.com\/(services|workflows)\/[\w/]+/g, redactionMark],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, redactionMark],
  [/\b(AIza[\w-]{35}|[sr]k_(live|test)_\w{16,}|sk-[\w-]{20,}|hv[sb]\.[\w-]{20,})/g, redactionMark],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, redactionMark],
  [
    /\b((?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[^\s"']+/gi,
    `$1${redactionMark}`,
  ],
];

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Takes known values and well-known shapes of secrets out of a text. */
export const createTextRedactor = (secrets: readonly string[]): Redact => {
  const forms = encodedForms(secrets);
  const known = forms.length > 0 ? new RegExp(forms.map(quote).join('|'), 'g') : null;
  return (text) => {
    let clean = known ? text.replace(known, redactionMark) : text;
    for (const [shape, instead] of shapes) clean = clean.replace(shape, instead);
    return clean;
  };
};

/** The same for a stream of lines: a key printed over many lines is one secret. */
export const createLineRedactor = (scrub: Redact): Redact => {
  let inKey = false;
  return (line) => {
    const ends = /-----END [A-Z ]*PRIVATE KEY-----/.test(line);
    if (inKey) {
      inKey = !ends;
      return redactionMark;
    }
    inKey = !ends && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line);
    return scrub(line);
  };
};
