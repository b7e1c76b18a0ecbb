import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Catalog, type CatalogOptions, createCatalog } from './catalog.ts';
import { createCatalogActivities } from './catalog-activities.ts';

let folder: string;
let file: string;
const opened: Catalog[] = [];
const logger = { info: vi.fn(), error: vi.fn() };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-catalog-'));
  file = join(folder, 'quarterdeck.yaml');
  logger.info.mockClear();
  logger.error.mockClear();
});
afterEach(() => {
  for (const catalog of opened.splice(0)) catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

const load = (text: string, options: Partial<CatalogOptions> = {}): Catalog => {
  writeFileSync(file, text);
  const catalog = createCatalog(file, { logger, ...options });
  opened.push(catalog);
  return catalog;
};

const good = `
services:
  web:
    repo: ./web.git
    install: npm ci
    test: npm test
    image: { name: web }
    terraform:
      directory: infra
      backend: { path: state/web.tfstate }
      variables: { size: 2, debug: false }
    policy: { maxDestroys: 3, reviewDestroysAbove: 5, protected: [] }
    environments:
      preview: { approval: none }
      production:
        branch: release
        approval: { required: 2, approvers: [Ada@Example.com, 'group:platform'] }
        terraform: { backend: { path: /srv/web.tfstate }, variables: { size: 4 } }
        policy: { maxDestroys: 0, reviewDestroysAbove: 5, protected: [] }
      staging:
    notify:
      - { to: "slack:C0DEPLOYS" }
  constructor-service:
    repo: git@example.com:team/other.git
    environments: { live: {} }
groups:
  platform: [ada@example.com, grace@example.com]
`;

const targetOf = (catalog: Catalog, service: string, environment?: string) => {
  const resolution = catalog.resolve(service, environment);
  if (!resolution.ok) throw new Error(resolution.message);
  return resolution.target;
};

describe('a target', () => {
  test('has everything a run needs, defaults and groups resolved', () => {
    expect(targetOf(load(good), 'web', 'production')).toEqual({
      kind: 'service',
      name: 'web',
      environment: 'production',
      repo: join(folder, 'web.git'),
      branch: 'release',
      install: 'npm ci',
      test: 'npm test',
      image: { name: 'web', dockerfile: 'Dockerfile', builder: 'auto' },
      terraform: {
        directory: 'infra',
        backend: { path: '/srv/web.tfstate' },
        variables: { size: '4', debug: 'false' },
      },
      approval: {
        required: 2,
        approvers: ['ada@example.com', 'grace@example.com'],
        selfApproval: false,
        timeoutMs: 600_000,
      },
      override: {
        required: 2,
        approvers: ['ada@example.com', 'grace@example.com'],
        selfApproval: false,
        timeoutMs: 600_000,
      },
      policy: { maxDestroys: 0, reviewDestroysAbove: 5, protected: [] },
      notify: [{ to: 'slack:C0DEPLOYS', events: 'all' }],
    });
  });

  test('keeps the local state next to the catalog, and leaves the paths of other backends unchanged', () => {
    const catalog = load(good);
    expect(targetOf(catalog, 'web', 'preview').terraform?.backend).toEqual({
      path: join(folder, 'state/web.tfstate'),
    });
    const consul = good.replace('{ path: state/web.tfstate }', '{ path: kv/web, address: "consul:8500" }');
    expect(targetOf(load(consul), 'web', 'preview').terraform?.backend).toEqual({
      path: 'kv/web',
      address: 'consul:8500',
    });
  });

  test('needs approval unless the environment has `approval: none`', () => {
    const catalog = load(good);
    const anyone = { required: 1, approvers: [], selfApproval: false, timeoutMs: 600_000 };
    expect(targetOf(catalog, 'web', 'preview').approval).toBeNull();
    expect(targetOf(catalog, 'web', 'staging').approval).toEqual(anyone);
    expect(targetOf(catalog, 'constructor-service').approval).toEqual(anyone);
  });

  test('can need approval only for plans that violate the policy', () => {
    const text = good.replace(
      '{ approval: none }',
      '{ approval: { approvers: [ada@example.com], when: on-policy-failure } }',
    );
    const { approval, override } = targetOf(load(text), 'web', 'preview');
    expect(approval).toBeNull();
    expect(override.approvers).toEqual(['ada@example.com']);
  });

  test('is found in any case, and the first environment is the default', () => {
    const catalog = load(good);
    expect(targetOf(catalog, ' WEB ', 'Production')).toMatchObject({
      name: 'web',
      environment: 'production',
    });
    expect(targetOf(catalog, 'web').environment).toBe('preview');
    expect(targetOf(catalog, 'constructor-service').repo).toBe('git@example.com:team/other.git');
  });

  test.each([
    ['wbe', 'production', 'the catalog has no service "wbe"', 'web'],
    ['web', 'prod', 'web has no environment "prod"', 'production'],
    ['constructor', 'x', 'the catalog has no service "constructor"', 'constructor-service'],
    ['__proto__', 'x', 'the catalog has no service "__proto__"', null],
    ['web; rm -rf /', '', 'the catalog has no service "web; rm -rf /"', null],
    ['../../etc', '', 'the catalog has no service "../../etc"', null],
  ])('%s in %s is refused with the closest match', (service, environment, message, meant) => {
    expect(load(good).resolve(service, environment)).toMatchObject({ ok: false, message, suggestion: meant });
  });

  test('a name of ten thousand letters is refused and not repeated', () => {
    const resolution = load(good).resolve('x'.repeat(10_000));
    expect(resolution.ok ? '' : resolution.message.length).toBeLessThan(120);
  });
});

describe('drift checks', () => {
  test('are listed for the stacks that have an interval', () => {
    const text =
      'stacks:\n  network: { directory: network, drift: every 6h }\n  mail: { directory: mail }\n  web: { directory: web, drift: every 90m }\n';
    expect(load(text).driftChecks()).toEqual([
      { stack: 'network', intervalMs: 21_600_000 },
      { stack: 'web', intervalMs: 5_400_000 },
    ]);
  });
});

describe('the summary', () => {
  test('names the people who may approve a stack', () => {
    const text =
      'stacks:\n  network:\n    directory: network\n    approval: { approvers: [joan@example.com], when: on-policy-failure }\n';
    expect(load(text).summary().people).toEqual(['joan@example.com']);
  });

  test('names services, environments and people, but no command or URL', () => {
    const outline = load(good).summary();
    expect(outline.people).toEqual(['ada@example.com', 'grace@example.com']);
    expect(outline.services.map(({ name, environments }) => [name, environments.map((e) => e.name)])).toEqual(
      [
        ['web', ['preview', 'production', 'staging']],
        ['constructor-service', ['live']],
      ],
    );
    expect(outline.services[0]?.environments[0]?.approval).toBeNull();
    expect(JSON.stringify(outline)).not.toMatch(/npm|web\.git/);
  });
});

describe('the activity resolve_target', () => {
  test('returns the target, or a failure with the name to type', async () => {
    const { resolveTarget } = createCatalogActivities(load(good));
    expect(await resolveTarget({ service: 'web', environment: 'preview' })).toMatchObject({ branch: 'main' });
    const failure = await resolveTarget({ service: 'web', environment: 'produktion' }).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'UnknownEnvironment',
      nonRetryable: true,
      details: [{ hint: 'Did you mean production? Known: preview, production, staging.' }],
    });
  });
});

describe('an edit', () => {
  test('is active from the next call', () => {
    const catalog = load(good);
    writeFileSync(file, good.replace('branch: release', 'branch: stable-release'));
    expect(targetOf(catalog, 'web', 'production').branch).toBe('stable-release');
  });

  test('is active when an editor replaces the file', () => {
    const catalog = load(good);
    writeFileSync(join(folder, 'new'), good.replace('branch: release', 'branch: replaced'));
    renameSync(join(folder, 'new'), file);
    expect(targetOf(catalog, 'web', 'production').branch).toBe('replaced');
  });

  test('that is invalid is refused with its problems, and the last valid catalog stays active', () => {
    const catalog = load(good);
    writeFileSync(file, good.replace('approval: none', 'approval: never'));
    expect(targetOf(catalog, 'web', 'preview').approval).toBeNull();
    const reason =
      'line 14: services.web.environments.preview.approval must be none, on-policy-failure, or an object such as';
    expect(catalog.problems()).toEqual([expect.stringContaining(reason)]);
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(logger.error.mock.calls[0]?.[1]).toContain('the last valid one stays active');

    writeFileSync(file, good);
    expect(catalog.problems()).toEqual([]);
  });

  test.each(['', 'services:', '{'])('that empties or truncates the file (%j) is refused', (text) => {
    const catalog = load(good);
    writeFileSync(file, text);
    expect(targetOf(catalog, 'web').name).toBe('web');
    expect(catalog.problems()).toHaveLength(1);
  });

  test('is noticed and logged without a call', async () => {
    load(good, { pollIntervalMs: 20 });
    writeFileSync(file, 'services: 1');
    await vi.waitFor(() => expect(logger.error).toHaveBeenCalled(), { timeout: 20_000 });
  });

  test('that removes the file keeps the last valid catalog active', () => {
    const catalog = load(good);
    rmSync(file);
    expect(targetOf(catalog, 'web').name).toBe('web');
    expect(catalog.problems()).toEqual(['the file does not exist; set QUARTERDECK_CATALOG']);
  });
});

describe('at the start', () => {
  test('an invalid catalog is refused with all its problems', () => {
    expect(() => load('services: { web: { repo: 1 } }\ngroups: 2')).toThrow(
      /quarterdeck.yaml: \n {2}- line 1: .*repo must be text\n {2}- line 1: .*environments is missing\n {2}- line 2/,
    );
  });

  test('a process that only reads the catalog may wait until it is fixed', () => {
    const catalog = load('services: 1', { whenInvalid: 'wait' });
    expect(catalog.summary().services).toEqual([]);
    expect(catalog.resolve('web')).toMatchObject({ ok: false, type: 'CatalogInvalid' });
    writeFileSync(file, good);
    expect(catalog.summary().services).toHaveLength(2);
  });

  test('a missing file is named', () => {
    expect(() => createCatalog(join(folder, 'absent.yaml'), { logger })).toThrow(
      /absent\.yaml: \n {2}- the file does not exist; set QUARTERDECK_CATALOG/,
    );
  });
});

const stacks = `
stacks:
  network:
    directory: terraform/network
    backend: { path: state/network.tfstate }
    variables: { zones: 3 }
    requires: [CLOUD_TOKEN]
    policy: { maxDestroys: 1, reviewDestroysAbove: 5, protected: [] }
    drift: every 6h
    notify: [{ to: 'teams:19:ops@thread.tacv2', events: failures }]
  cluster:
    directory: terraform/cluster
    dependsOn: [network]
    approval: { approvers: [ada@example.com] }
`;

const stackOf = (catalog: Catalog, stack: string) => {
  const resolution = catalog.resolveStack(stack);
  if (!resolution.ok) throw new Error(resolution.message);
  return resolution.target;
};

describe('a stack', () => {
  test('has everything a provision needs, and needs approval only when a plan violates the policy', () => {
    expect(stackOf(load(stacks), ' Network ')).toEqual({
      kind: 'stack',
      name: 'network',
      directory: 'terraform/network',
      source: join(folder, 'terraform/network'),
      terraform: {
        directory: '.',
        backend: { path: join(folder, 'state/network.tfstate') },
        variables: { zones: '3' },
      },
      requires: ['CLOUD_TOKEN'],
      dependsOn: [],
      approval: null,
      override: { required: 1, approvers: [], selfApproval: false, timeoutMs: 600_000 },
      policy: { maxDestroys: 1, reviewDestroysAbove: 5, protected: [] },
      notify: [{ to: 'teams:19:ops@thread.tacv2', events: 'failures' }],
    });
  });

  test('can need approval for every plan', () => {
    const { approval, override } = stackOf(load(stacks), 'cluster');
    expect(approval?.approvers).toEqual(['ada@example.com']);
    expect(override).toEqual(approval);
  });

  test('that does not exist is refused with the closest match', async () => {
    const { resolveStack } = createCatalogActivities(load(stacks));
    await expect(resolveStack({ stack: 'netwrok' })).rejects.toMatchObject({
      type: 'UnknownStack',
      nonRetryable: true,
      message: 'the catalog has no stack "netwrok"',
      details: [{ hint: 'Did you mean network? Known: network, cluster.' }],
    });
  });
});
