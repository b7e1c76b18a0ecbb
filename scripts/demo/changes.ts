/** A change to push to the demo's repository, to see what deploying it looks like. */
export interface Change {
  readonly name: string;
  /** What its plan shows, for the usage text. */
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

/** The changes of `npm run demo:commit`. */
export const changes: readonly Change[] = [
  {
    name: 'text',
    shows: 'a new image; the service is changed in place',
    message: 'Find other words for the title',
    file: 'src/page.js',
    change: nextTitle,
  },
  {
    name: 'replicas',
    shows: 'the service is changed in place',
    message: 'Run one copy more',
    file: 'terraform/variables.tf',
    change: oneMore(/(variable "replicas" \{[^}]*default\s*= )(\d+)/),
  },
  {
    name: 'upgrade',
    shows: 'the database is replaced',
    message: 'Move to the next PostgreSQL',
    file: 'terraform/variables.tf',
    change: oneMore(/(variable "database_version" \{[^}]*default\s*= ")(\d+)/),
  },
  {
    name: 'destroy',
    shows: 'the cache is destroyed: do not approve this plan',
    message: 'Tidy up',
    file: 'terraform/main.tf',
    change: withoutBlock(/^resource "terraform_data" "cache"/),
  },
  {
    name: 'unprotect',
    shows: 'the database loses its deletion protection, in place',
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
    shows: 'passing tests again',
    message: 'Let early birds sleep',
    file: 'src/page.js',
    change: (text) => text.replace('if (hour < 6)', 'if (hour < 5)'),
  },
];
