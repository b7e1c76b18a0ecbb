import type { Author } from './git.ts';

/** Text in a file that this commit replaces. */
interface Edit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** One commit of the demo's history: the files of examples/web that it adds, and the text that it changes. */
export interface PastCommit {
  readonly message: string;
  readonly author: Author & { readonly at: string };
  readonly adds: readonly string[];
  readonly edits: readonly Edit[];
  /** true: production ran this commit before Quarterdeck was installed. */
  readonly inProduction?: boolean;
}

const ada = { name: 'Ada Byron', email: 'ada@example.com' };
const grace = { name: 'Grace Murray', email: 'grace@example.com' };

/** Oldest first. The last commit equals examples/web. */
export const history: readonly PastCommit[] = [
  {
    message: 'Greet people in the language of the hour',
    author: { ...ada, at: '2026-10-05T09:12:00+01:00' },
    adds: ['.gitignore', '.npmrc', 'README.md', 'package.json', 'package-lock.json', 'src', 'test'],
    edits: [],
  },
  {
    message: 'Describe the infrastructure',
    author: { ...grace, at: '2026-10-07T15:40:00+01:00' },
    adds: ['terraform'],
    edits: [],
    inProduction: true,
  },
  {
    message: 'Build an image',
    author: { ...ada, at: '2026-10-19T11:05:00+01:00' },
    adds: ['Dockerfile', '.dockerignore'],
    edits: [
      { file: 'src/page.js', before: "const title = 'Welcome'", after: "const title = 'Good to see you'" },
    ],
  },
  {
    message: 'Run three copies, on PostgreSQL 17',
    author: { ...grace, at: '2026-11-02T10:21:00+00:00' },
    adds: [],
    edits: [
      { file: 'terraform/variables.tf', before: 'default     = 2', after: 'default     = 3' },
      { file: 'terraform/variables.tf', before: 'default     = "16"', after: 'default     = "17"' },
    ],
  },
];
