/** A change that somebody may push to the demo's repository, to see what deploying it looks like. */
export interface Change {
  readonly name: string;
  /** What its plan will show, for the person who chooses. */
  readonly shows: string;
  readonly message: string;
  readonly file: string;
  readonly change: (text: string) => string;
}

const titles = ['Good to see you', 'Welcome back', 'Hello there'];

const nextTitle = (text: string): string =>
  text.replace(/const title = '(.*)'/, (_, title: string) => {
    const next = titles[(titles.indexOf(title) + 1) % titles.length];
    return `const title = '${next}'`;
  });

const oneMore = (pattern: RegExp) => (text: string) =>
  text.replace(pattern, (_, before: string, number: string) => `${before}${Number(number) + 1}`);

const withoutBlock = (start: RegExp) => (text: string) =>
  text
    .split(/\n\n(?=\S)/)
    .filter((block) => !start.test(block))
    .join('\n\n');

export const changes: readonly Change[] = [
  {
    name: 'text',
    shows: 'a new image, the service changed in place',
    message: 'Find other words for the title',
    file: 'src/page.js',
    change: nextTitle,
  },
  {
    name: 'replicas',
    shows: 'the service changed in place',
    message: 'Run one copy more',
    file: 'terraform/variables.tf',
    change: oneMore(/(variable "replicas" \{[^}]*default\s*= )(\d+)/),
  },
  {
    name: 'upgrade',
    shows: 'the database replaced',
    message: 'Move to the next PostgreSQL',
    file: 'terraform/variables.tf',
    change: oneMore(/(variable "database_version" \{[^}]*default\s*= ")(\d+)/),
  },
  {
    name: 'destroy',
    shows: 'the cache destroyed: a plan that you should not approve',
    message: 'Tidy up',
    file: 'terraform/main.tf',
    change: withoutBlock(/^resource "terraform_data" "cache"/),
  },
  {
    name: 'unprotect',
    shows: 'the deletion protection of the database gone, in place',
    message: 'Make the database easier to work with',
    file: 'terraform/main.tf',
    change: (text) =>
      text.replace('deletion_protection = var.environment == "production"', 'deletion_protection = false'),
  },
  {
    name: 'break',
    shows: 'a failing test; nothing is applied',
    message: 'Greet early birds',
    file: 'src/page.js',
    change: (text) => text.replace('if (hour < 5)', 'if (hour < 6)'),
  },
  {
    name: 'fix',
    shows: 'the tests good again',
    message: 'Let early birds sleep',
    file: 'src/page.js',
    change: (text) => text.replace('if (hour < 6)', 'if (hour < 5)'),
  },
];
