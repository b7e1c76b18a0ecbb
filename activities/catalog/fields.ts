import { z } from 'zod';
import { gitRefPattern, imageNamePattern, maxImageNameLength, namePattern } from './name-patterns.ts';

/**
 * A map with names as keys. cross-checks.ts checks the names: zod would not check the value of an invalid
 * name, and all problems should be reported at once.
 */
export const named = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string(), value).meta({ propertyNames: { pattern: namePattern.source } });

const isInside = (path: string): boolean =>
  !path.startsWith('/') &&
  !path.startsWith('-') &&
  !path.includes('\\') &&
  !path.includes('\0') &&
  !path.split('/').includes('..');

/** A path that cannot leave the repository. */
export const insidePath = z
  .string()
  .min(1, 'must not be empty')
  .max(255, 'must have at most 255 characters')
  .refine(isInside, 'must be a relative path without ".."');

/** A line that a shell runs. */
export const commandLine = z
  .string()
  .trim()
  .min(1, 'must not be empty; omit it if there is nothing to run')
  .max(4000, 'must have at most 4000 characters; move a longer script into the repository');

/** A branch, tag or commit. */
export const gitRef = z.string().regex(gitRefPattern, 'is not a valid branch, tag or commit');

const urlSchemes = new Set(['file:', 'https:', 'ssh:']);

const repositoryProblem = (repo: string): string | null => {
  if (repo.startsWith('-') || /[\s\p{Cc}]/u.test(repo)) return 'must not start with a dash or contain blanks';
  if (repo.includes('::')) return 'git helpers such as ext:: are not allowed';
  if (!repo.includes('://')) return null;
  if (!URL.canParse(repo)) return 'is not a valid URL';
  const { protocol, username, password } = new URL(repo);
  if (!urlSchemes.has(protocol)) return 'must be a path, or a URL with file://, https:// or ssh://';
  if (password || (protocol === 'https:' && username))
    return 'must not contain a user or a password: give git its credentials through the worker’s environment';
  return null;
};

/** Where the code is: a path, `file://`, `https://`, `ssh://` or `git@host:path`. */
export const repository = z
  .string()
  .min(1, 'must not be empty')
  .max(1000, 'must have at most 1000 characters')
  .superRefine((repo, context) => {
    const problem = repositoryProblem(repo);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });

/** A container image without tag: `web` or `registry.example.com:5000/team/web`. */
export const imageName = z
  .string()
  .max(maxImageNameLength, `must have at most ${maxImageNameLength} characters`)
  .regex(
    imageNamePattern,
    'is not a valid image name (lowercase, no tag); for example web or registry.example.com/team/web',
  );

/** A work email, compared in lowercase. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s@:]+@[^\s@:]+\.[^\s@:]+$/, 'is not an email address');

/** A person or `group:name`. */
export const approver = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^(group:\S+|[^\s@:]+@[^\s@:]+\.[^\s@:]+)$/, 'must be an email address or group:name');

/** `<chat>:<conversation>`; only the chat interprets the part after the colon. */
export const conversation = z
  .string()
  .regex(/^[a-z][a-z0-9-]*:\S+$/, 'must be <chat>:<conversation>, for example slack:C0DEPLOYS');

/** A duration such as `90s`, `10m` or `2h`. */
export const timeout = z
  .string()
  .regex(/^[1-9]\d{0,5}(s|m|h|d)$/, 'must be a duration such as 90s, 10m or 2h');

/** The address or type of a protected resource. */
export const protectedPattern = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(300, 'must have at most 300 characters');

/** How often to check for drift. Each check makes a plan, so at most every five minutes. */
export const drift = z
  .string()
  .regex(/^every [1-9]\d{0,3}(m|h|d)$/, 'must be a phrase such as every 6h')
  .refine((text) => !/^every [1-4]m$/.test(text), 'must be at least every 5m');

/** The name of an environment variable of the worker. */
export const environmentVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'is not the name of an environment variable');

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Terraform variables; the names are HCL identifiers. */
export const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'is not the name of a Terraform variable'),
  scalar,
);

const secretSetting =
  /^(access_key|secret_key|token|access_token|session_token|password|client_secret|sas_token|conn_str|encryption_key|client_certificate_password|private_key)$/;

/** Settings of a Terraform backend. Secrets are refused, because Temporal stores the catalog's values in histories. */
export const backend = z.record(
  z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'is not the name of a backend setting')
    .refine((key) => !secretSetting.test(key), 'is a secret: set it in the worker’s environment instead'),
  scalar,
);
