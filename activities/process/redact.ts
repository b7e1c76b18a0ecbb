import type { ProcessEnv } from './process-env.ts';

const secretName =
  /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE|(^|_)(KEYS?|PAT|PWD_?HASH)(_|$)/i;
/** These hold a path or a URL, although their names may look like secrets. */
const locationName = /_(FILE|PATH|DIR|SOCK|URL|ENDPOINT|AUTHORITY)$/i;
const minSecretLength = 6;

const readUrlPassword = (value: string): string[] => {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/@\s:]*:([^@\s]+)@/i.exec(value)?.[1];
  return password ? [password] : [];
};

/** Each part of a key ring such as `id:base64,id:base64` is a secret. */
const splitSecret = (value: string): string[] => [
  value,
  ...value.split('\n'),
  ...value
    .split(/[,;]/)
    .flatMap((part) => [part, part.slice(part.indexOf(':') + 1)].filter((p) => p.length >= 16)),
];

/** Redacting these would make a log unreadable. */
const isCommonValue = (value: string): boolean =>
  value.length < minSecretLength || /^(true|false|null|undefined|\d{1,8})$/i.test(value);

/** The secret values of an environment: variables whose name says so, and passwords in URLs. */
export const secretValues = (env: ProcessEnv): string[] =>
  Object.entries(env).flatMap(([name, value]) => {
    if (!value) return [];
    if (!secretName.test(name) || locationName.test(name) || value.startsWith('/'))
      return readUrlPassword(value);
    return [...splitSecret(value), ...readUrlPassword(value)];
  });

/** The forms in which a secret appears in output: plain, URL-encoded, JSON-escaped, Base64. */
const encodedForms = (values: readonly string[]): string[] => {
  const forms = values
    .map((value) => value.trim())
    .filter((value) => !isCommonValue(value))
    .flatMap((value) => [
      value,
      ...value.split('\n').map((line) => line.trim()),
      encodeURIComponent(value.toWellFormed()),
      JSON.stringify(value).slice(1, -1),
      Buffer.from(value).toString('base64'),
    ])
    .filter((form) => form.length >= minSecretLength);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
};

/** Replaces secrets in a text. */
export type Redact = (text: string) => string;

const redactionMark = '***';

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, redactionMark],
  // Credentials in a URL.
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

/** Redacts the given secret values, and everything that has the shape of a well-known kind of secret. */
export const createTextRedactor = (secrets: readonly string[]): Redact => {
  const forms = encodedForms(secrets);
  const known = forms.length > 0 ? new RegExp(forms.map(quote).join('|'), 'g') : null;
  return (text) => {
    let clean = known ? text.replace(known, redactionMark) : text;
    for (const [shape, instead] of shapes) clean = clean.replace(shape, instead);
    return clean;
  };
};

/** The same for a stream of lines, where a private key spans many lines. */
export const createLineRedactor = (redact: Redact): Redact => {
  let inKey = false;
  return (line) => {
    const ends = /-----END [A-Z ]*PRIVATE KEY-----/.test(line);
    if (inKey) {
      inKey = !ends;
      return redactionMark;
    }
    inKey = !ends && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line);
    return redact(line);
  };
};
