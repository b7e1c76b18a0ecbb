import { writtenForms } from './secret-values.ts';

export type Scrub = (text: string) => string;

const blot = '***';

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, blot],
  // Credentials in an address.
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@'"]+@/gi, `$1${blot}@`],
  // GitHub, GitLab, npm, Slack, AWS, Google, Stripe, OpenAI and the like, JSON Web Tokens.
  [/\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,})/g, blot],
  [/\b(xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|xwfp-[\w-]{8,})/g, blot],
  [/https:\/\/hooks\.slack\.com\/(services|workflows)\/[\w/]+/g, blot],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, blot],
  [/\b(AIza[\w-]{35}|[sr]k_(live|test)_\w{16,}|sk-[\w-]{20,}|hv[sb]\.[\w-]{20,})/g, blot],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/g, blot],
  [
    /\b((?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[^\s"']+/gi,
    `$1${blot}`,
  ],
];

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Takes known values and well-known shapes of secrets out of a text. */
export const createScrub = (secrets: readonly string[]): Scrub => {
  const forms = writtenForms(secrets);
  const known = forms.length > 0 ? new RegExp(forms.map(quote).join('|'), 'g') : null;
  return (text) => {
    let clean = known ? text.replace(known, blot) : text;
    for (const [shape, instead] of shapes) clean = clean.replace(shape, instead);
    return clean;
  };
};

/** The same for a stream of lines: a key printed over many lines is one secret. */
export const createLineScrub = (scrub: Scrub): Scrub => {
  let inKey = false;
  return (line) => {
    const ends = /-----END [A-Z ]*PRIVATE KEY-----/.test(line);
    if (inKey) {
      inKey = !ends;
      return blot;
    }
    inKey = !ends && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line);
    return scrub(line);
  };
};
