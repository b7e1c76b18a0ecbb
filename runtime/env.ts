import { z } from 'zod';
import { EnvError } from './env-error.ts';
import { findMisspelledVariables } from './suggest-variable.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Checks rules across fields. Returns problems as sentences. */
export type EnvironmentCheck = (env: Env) => readonly string[];

/** The variables that are set, trimmed. An empty or blank variable counts as unset. */
export const definedVariables = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );

const describeIssue = (issue: z.core.$ZodIssue, given: Record<string, string>): string => {
  const name = String(issue.path[0] ?? 'environment');
  return given[name] === undefined ? `${name} is not set` : `${name}: ${issue.message}`;
};

/**
 * Reads and validates the environment. Throws one `EnvError` that lists every problem, misspelled names included.
 * A field's error message must not quote the value, because it can be a secret.
 */
export const readEnv = <Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Env,
  checks: readonly EnvironmentCheck[] = [],
): z.output<z.ZodObject<Shape>> => {
  const given = definedVariables(env);
  const read = z.object(schema.shape).safeParse(given);
  const problems = [
    ...(read.error?.issues.map((issue) => describeIssue(issue, given)) ?? []),
    ...checks.flatMap((check) => check(given)),
    ...findMisspelledVariables(given, Object.keys(schema.shape)),
  ];
  if (problems.length > 0 || !read.success) throw new EnvError([...new Set(problems)]);
  return read.data;
};
