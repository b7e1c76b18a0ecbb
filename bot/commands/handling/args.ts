import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { parseArgsStringToArgv } from 'string-argv';
import { UserError } from '../../platform/errors.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { CommandSpec } from '../spec.ts';

const maxCommandLength = 1500;

/** An invalid command: one sentence about the problem, with the usage as the hint. */
export const usageError = ({ name, usage }: CommandSpec, sentence: string): UserError =>
  new UserError(sentence, { hint: `Usage: ${`${name} ${usage}`.trim()}` });

/** Replaces the dashes, quotes and spaces that phones and word processors insert. */
export const normalizeInput = (text: string): string =>
  text
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/(^|\s)[\u2013\u2014](?=[a-z])/gi, '$1--')
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .trim();

/** Refuses very long text before anything parses it. */
export const checkLength = (text: string): void => {
  if (text.length > maxCommandLength)
    throw new UserError(
      `Command too long: ${text.length} characters (limit ${maxCommandLength}). Nothing was started.`,
    );
};

const optionOf = (message: string): string => truncateMiddle(/'([^' ]*)[^']*'/.exec(message)?.[1] ?? '', 40);

const explain = (error: unknown, spec: CommandSpec): Error => {
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return usageError(spec, `Unknown option “${optionOf(message)}”.`);
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return usageError(spec, `Option “${optionOf(message)}” needs a value.`);
    default:
      return error as Error;
  }
};

export interface ParsedArgs {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/** Splits text into arguments and options; refuses unknown options and more than `max` arguments. */
export const parseCommandArgs = (
  spec: CommandSpec,
  text: string,
  max: number,
  options: ParseArgsOptionsConfig = {},
): ParsedArgs => {
  try {
    const args = parseArgsStringToArgv(text);
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true, strict: true });
    if (positionals.length > max)
      throw usageError(spec, `Unexpected argument “${truncateMiddle(positionals[max] ?? '', 40)}”.`);
    return { positionals, values: values as ParsedArgs['values'] };
  } catch (error) {
    throw explain(error, spec);
  }
};

/** The first word, and the text after it. */
export const splitFirstWord = (text: string): { readonly first: string; readonly rest: string } => {
  const [, first = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  return { first, rest: rest.trim() };
};
