import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parseCatalog } from './parse.ts';
import { CatalogError } from './raw-catalog.ts';
import { catalogJsonSchema } from './schema.ts';

const problemsOf = (text: string): readonly string[] => {
  try {
    parseCatalog(text, 'quarterdeck.yaml');
    return [];
  } catch (error) {
    if (error instanceof CatalogError) return error.problems;
    throw error;
  }
};

const service = (lines: string): string =>
  `services:\n  web:\n    repo: ./web\n    environments: { live: {} }\n${lines}`;

describe('a catalog', () => {
  test('with many problems is refused with all of them and their lines', () => {
    const text = `services:
  web:
    repo: ./web
    terraform: ../outside
    instal: npm ci
    image: { name: Web, dockerfile: /etc/passwd }
    environments:
      production:
        approval:
          required: 3
          approvers: [ada@example.com, "group:platform"]
      live:
        approval: { approvers: ["group:platfrom", "not an address"] }
      Live: {}
  api: {}
stacks:
  network: { directory: a, dependsOn: [cluster] }
  cluster: { directory: b, dependsOn: [network, netwerk] }
groups:
  platform: [ada@example.com, grace@example.com]
`;
    expect(problemsOf(text)).toEqual([
      'line 4: services.web.terraform must be a relative path without ".."',
      'line 5: services.web.instal is not a known key; did you mean install?',
      'line 6: services.web.image.name is not a valid image name (lowercase, no tag); for example web or registry.example.com/team/web',
      'line 6: services.web.image.dockerfile must be a relative path without ".."',
      'line 10: services.web.environments.production.approval.required requires 3 approvals, but only 2 people may approve',
      'line 13: services.web.environments.live.approval.approvers.1 must be an email address or group:name',
      'line 13: services.web.environments.live.approval.approvers.0 unknown group platfrom; did you mean group:platform?',
      'line 14: services.web.environments.Live is an invalid name: use 1-40 lowercase letters, digits, `.`, `-`, `_`; start with a letter, end with a letter or digit',
      'line 15: services.api.repo is missing',
      'line 15: services.api.environments is missing',
      'line 17: stacks.network.dependsOn dependency cycle: network → cluster → network',
      'line 18: stacks.cluster.dependsOn.1 unknown stack netwerk; did you mean network?',
    ]);
  });

  test.each([
    [
      'services:\n  web: 1\n  api:\n    repo: x\n    environments: {}\n',
      'line 2: services.web must be a map',
    ],
    [
      'services:\n  web: 1\n  api:\n    repo: x\n    environments: {}\n',
      'line 5: services.api.environments must name at',
    ],
    [`${service('')}  web:\n    repo: x\n    environments: { live: {} }\n`, 'line 5: duplicate key'],
    ['services:\n  a: [', 'line 2: YAML: '],
    ['services: *nope', 'line 1: YAML: Unresolved alias'],
    [
      'a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      'YAML: Excessive alias',
    ],
    ['', 'line 1: the catalog names no services and no stacks'],
    ['- a', 'line 1: must be a map of keys and values'],
    [
      service('    image: { name: web, dockerfile: a/../../b }\n'),
      'line 5: services.web.image.dockerfile must be a relative path',
    ],
    [
      service('    image: { name: "web:latest" }\n'),
      'line 5: services.web.image.name is not a valid image name',
    ],
    [
      service('    branch: --upload-pack=x\n'),
      'line 5: services.web.branch is not a valid branch, tag or commit',
    ],
    [service('    test: ""\n'), 'line 5: services.web.test must not be empty'],
    [
      service('    terraform: { directory: a, backend: { secret_key: x } }\n'),
      'secret_key is a secret: set it in',
    ],
    [
      service('    terraform: { directory: a, variables: { "a b": x } }\n'),
      'is not the name of a Terraform variable',
    ],
    [
      service('    notify: [{ to: nowhere }]\n'),
      'line 5: services.web.notify.0.to must be <chat>:<conversation>',
    ],
    [
      service('    policy: { maxDestroys: -1 }\n'),
      'line 5: services.web.policy.maxDestroys must be at least 0',
    ],
    [service('stacks:\n  a: { directory: /abs }\n'), 'line 6: stacks.a.directory must be a relative path'],
    [service('stacks:\n  web: { directory: a }\n'), 'line 6: stacks.web has the name of a service'],
    [service('stacks:\n  a: { directory: a, drift: every 1m }\n'), 'must be at least every 5m'],
    [service('stacks:\n  a: { directory: a, drift: daily }\n'), 'must be a phrase such as every 6h'],
    [
      service('stacks:\n  a: { directory: a, requires: [A=B] }\n'),
      'is not the name of an environment variable',
    ],
    [
      service('stacks:\n  a: { directory: a, dependsOn: [a] }\n'),
      'line 6: stacks.a.dependsOn dependency cycle: a → a',
    ],
  ])('%j is refused: %s', (text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(problem));
  });

  test.each([
    'ext::sh -c evil',
    '--upload-pack=x',
    'http://example.com/x.git',
    'https://ada:hunter2@example.com/x.git',
    'https://hunter2@example.com/x.git',
    'git://example.com/x.git',
  ])('the repository %s is refused, and a password in it is not repeated', (repo) => {
    const problems = problemsOf(`services:\n  web:\n    repo: "${repo}"\n    environments: { live: {} }\n`);
    expect(problems).toEqual([expect.stringMatching(/^line 3: services\.web\.repo /)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test.each([
    './a.git',
    '/srv/a.git',
    'file:///srv/a.git',
    'https://example.com/a',
    'ssh://git@h/a',
    'git@h:a/b',
  ])('the repository %s is accepted', (repo) => {
    expect(problemsOf(`services:\n  web:\n    repo: "${repo}"\n    environments: { live: {} }\n`)).toEqual(
      [],
    );
  });

  test('an approval rule without a Terraform plan is refused, never ignored', () => {
    const web = (more: string) => `services:
  web:
    repo: ./web
${more}    environments:
      preview: { approval: none }
      staging: {}
      production:
        approval: { approvers: [ada@example.com] }
`;
    expect(problemsOf(web(''))).toEqual([
      'line 8: services.web.environments.production.approval has no effect, because web has no Terraform code: set terraform to its directory, or write approval: none',
    ]);
    expect(problemsOf(web('    terraform: infra\n'))).toEqual([]);
  });

  test('two environments that would share a workflow id are refused', () => {
    const text = `services:
  a: { repo: x, environments: { b-c: {} } }
  a-b: { repo: x, environments: { c: {} } }
`;
    expect(problemsOf(text)).toEqual([
      'line 3: services.a-b.environments.c would share the workflow id environment-a-b-c with b-c of a; rename one of them',
    ]);
  });

  test('may use anchors, and problems behind them have lines too', () => {
    const text = `services:
  web: &base
    repo: ./web
    environments: { live: { approval: sometimes } }
  api: *base
`;
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^line 4: services\.web\.environments\.live\.approval must be none/),
      expect.stringMatching(/^line 4: services\.api\.environments\.live\.approval must be none/),
    ]);
  });
});

test('the JSON Schema next to the catalog matches the code', async () => {
  const path = new URL('../../quarterdeck.schema.json', import.meta.url);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(catalogJsonSchema())));
});
