import { execa } from 'execa';
import { CliError } from './cli-error.ts';

/** Who is typing: `--as`, else the e-mail that git knows. */
export const resolveIdentity = async (as: string | null): Promise<string> => {
  if (as) return as;
  const { stdout, failed } = await execa('git', ['config', 'user.email'], { reject: false });
  const email = failed ? '' : (stdout ?? '').trim().toLowerCase();
  if (email.includes('@')) return email;
  throw new CliError('who are you? git knows no e-mail; add --as you@example.com');
};

/** What was typed after `npm run cli --`. */
export interface CliArgs {
  /** The e-mail given with `--as`. */
  readonly as: string | null;
  readonly words: readonly string[];
}

const flag = '--as';

/** Takes `--as <e-mail>` out of the words, wherever it stands; everything else belongs to the command. */
export const parseCliArgs = (argv: readonly string[]): CliArgs => {
  const at = argv.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  if (at === -1) return { as: null, words: argv };
  const joined = argv[at] !== flag;
  const email = (joined ? argv[at]?.slice(flag.length + 1) : argv[at + 1]) ?? '';
  if (!email.includes('@')) throw new CliError('--as needs an e-mail address: --as ada@example.com');
  return {
    as: email.trim().toLowerCase(),
    words: [...argv.slice(0, at), ...argv.slice(at + (joined ? 1 : 2))],
  };
};
