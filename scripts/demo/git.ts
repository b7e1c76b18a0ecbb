import { devNull } from 'node:os';
import { execa } from 'execa';

export interface Author {
  readonly name: string;
  readonly email: string;
  /** ISO time; now when left out. */
  readonly at?: string;
}

/** Nobody's own settings, hooks or signing keys play a part, nor a repository that we happen to run in. */
const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
const clean = Object.fromEntries(inherited);

/** Runs git in a folder and answers with what it printed. */
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
