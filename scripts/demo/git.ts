import { devNull } from 'node:os';
import { execa } from 'execa';

/** The author and committer of a commit. */
export interface Author {
  readonly name: string;
  readonly email: string;
  /** ISO time; the default is now. */
  readonly at?: string;
}

/** Ignores the user's git settings, hooks and signing keys, and a repository around this folder. */
const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
const clean = Object.fromEntries(inherited);

/** Runs git in a folder and returns its output. */
export const git = async (cwd: string, args: readonly string[], author?: Author): Promise<string> => {
  const identity = author && {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    ...(author.at && { GIT_AUTHOR_DATE: author.at, GIT_COMMITTER_DATE: author.at }),
  };
  const env = { ...clean, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', ...identity };
  const { stdout } = await execa('git', args, { cwd, env, extendEnv: false });
  return stdout;
};
