import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { CliError } from './cli-error.ts';

/** The arguments after `npm run cli --`. */
export interface CliArgs {
  /** The email given with `--as`, in lowercase; null without it. */
  readonly as: string | null;
  /** The command and its own arguments. */
  readonly words: readonly string[];
}

/** Takes `--as <email>` out of the arguments, wherever it is. All other options belong to the command. */
export const parseCliArgs = (argv: readonly string[]): CliArgs => {
  const { tokens } = parseArgs({
    args: [...argv],
    options: { as: { type: 'string' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const option = tokens.find((token) => token.kind === 'option' && token.name === 'as');
  if (option?.kind !== 'option') return { as: null, words: argv };
  const email = (option.value ?? '').trim().toLowerCase();
  if (!email.includes('@')) throw new CliError('--as needs an email address: --as ada@example.com');
  const end = option.index + (option.inlineValue ? 1 : 2);
  return { as: email, words: [...argv.slice(0, option.index), ...argv.slice(end)] };
};

/** The user of the command: `--as`, else the email that git knows. */
export const resolveIdentity = async (as: string | null): Promise<string> => {
  if (as) return as;
  const { stdout, failed } = await execa('git', ['config', 'user.email'], { reject: false });
  const email = failed ? '' : (stdout ?? '').trim().toLowerCase();
  if (email.includes('@')) return email;
  throw new CliError('Unknown user: git has no user.email. Add --as you@example.com.');
};
