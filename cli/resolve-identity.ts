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
