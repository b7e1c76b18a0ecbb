import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { parseArgsStringToArgv } from 'string-argv';
import { UserError } from '../../platform/errors.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { CommandSpec } from '../spec.ts';

const maxCommandLength = 1500;

/** Something was typed wrongly: one sentence, then how it is typed. */
export const usageError = ({ name, usage }: CommandSpec, sentence: string): UserError =>
  new UserError(sentence, { hint: `Usage: ${`${name} ${usage}`.trim()}` });

/** Undoes what phones and word processors do to dashes, quotes and blanks. */
export const normalizeInput = (text: string): string =>
  text
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/(^|\s)[\u2013\u2014](?=[a-z])/gi, '$1--')
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .trim();

/** Refuses what nobody types by hand, before anything looks at it. */
export const checkLength = (text: string): void => {
  if (text.length > maxCommandLength)
    throw new UserError(
      `That is ${text.length} characters long, and ${maxCommandLength} are the most that can be taken. Nothing was started.`,
    );
};

const optionOf = (message: string): string => truncateMiddle(/'([^' ]*)[^']*'/.exec(message)?.[1] ?? '', 40);

const explain = (error: unknown, spec: CommandSpec): Error => {
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return usageError(spec, `“${optionOf(message)}” is not an option of ${spec.name}.`);
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return usageError(spec, `“${optionOf(message)}” has no value, or one that looks like an option.`);
    default:
      return error as Error;
  }
};

export interface ParsedArgs {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/** Splits text into words and options, strictly: too many words or an unknown option is refused. */
export const parseCommandArgs = (
  spec: CommandSpec,
  text: string,
  most: number,
  options: ParseArgsOptionsConfig = {},
): ParsedArgs => {
  try {
    const args = parseArgsStringToArgv(text);
    const { positionals, values } = parseArgs({ args, options, allowPositionals: true, strict: true });
    if (positionals.length > most)
      throw usageError(spec, `“${truncateMiddle(positionals[most] ?? '', 40)}” is one word too many.`);
    return { positionals, values: values as ParsedArgs['values'] };
  } catch (error) {
    throw explain(error, spec);
  }
};

/** The first word and the free text after it. */
export const splitFirstWord = (text: string): { readonly first: string; readonly rest: string } => {
  const [, first = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  return { first, rest: rest.trim() };
};
