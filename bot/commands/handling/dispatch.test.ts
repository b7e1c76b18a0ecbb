import type { Client } from '@temporalio/client';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CatalogSummary } from '../../../activities/catalog/catalog-summary.ts';
import { ada } from '../../cards/testing/sample-parts.ts';
import type { CommandRequest, Reply } from '../../platform/platform.ts';
import { createRuns } from '../../runs/create-runs.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore, silentLogger } from '../../testing/test-store.ts';
import { commandSpecs, createCommands } from '../index.ts';
import { createDispatch } from './dispatch.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const start = vi.fn(() => Promise.resolve({}));
const update = vi.fn(() => Promise.resolve({ status: 'applying', counted: true, message: 'approved' }));
const signal = vi.fn(() => Promise.resolve());
beforeEach(() => vi.clearAllMocks());

const everDeployed = {
  applied: [{ commit: 'b'.repeat(40) }, { commit: 'a'.repeat(40) }],
  unfinished: false,
};

/** Only notes what would be asked of Temporal; nothing is running there. */
const client = {
  withDeadline: (_: number, ask: () => unknown) => ask(),
  workflow: {
    start,
    getHandle: () => ({
      executeUpdate: update,
      signal,
      query: () => Promise.resolve(everDeployed),
      describe: () => Promise.reject(new Error('unused')),
    }),
    list: async function* () {},
  },
} as unknown as Client;

const outline: CatalogSummary = {
  services: [
    {
      name: 'web',
      environments: [
        { name: 'preview', approval: null },
        { name: 'production', approval: { required: 1, approvers: [], selfApproval: false, timeoutMs: 1 } },
      ],
    },
    { name: 'api', environments: [{ name: 'production', approval: null }] },
  ],
  stacks: [],
  people: [],
};

let known: CatalogSummary | null = outline;
beforeEach(() => {
  known = outline;
});

const make = () => {
  const parts = createRuns({
    client,
    store,
    platforms: () => [],
    openArtifact: () => Promise.reject(new Error('unused')),
    links: { publicUrl: null },
    logger: silentLogger,
  });
  const commands = createCommands({
    client,
    store,
    parts,
    getCatalogSummary: () => known,
    links: { publicUrl: null },
    logger: silentLogger,
    retryBudget: { timeoutMs: 100, intervalMs: 10, abortSignal: new AbortController().signal },
  });
  return createDispatch({ commands, deferReply: () => undefined, logger: silentLogger });
};

let keys = 0;
const ask = (command: string, args: string, rest: Partial<CommandRequest> = {}): Promise<Reply> =>
  make()({
    idempotencyKey: `key-${keys++}`,
    command,
    args,
    resolveActor: async () => ada,
    conversation: 'fake:a',
    deadline: Date.now() + 2500,
    ...rest,
  });
const said = async (command: string, args: string): Promise<string> => {
  const { card } = await ask(command, args);
  return [card.summary, ...card.sections.map((section) => ('text' in section ? section.text : ''))].join(
    '\n',
  );
};
const started = () =>
  (start.mock.calls as unknown as [string, { args: [object] }][]).map(([, { args }]) => args[0]);

describe('the grammar', () => {
  test('deploy takes a service, an environment and a ref, in any order, case and spacing', async () => {
    for (const words of [
      'web production --ref release/7',
      '  WEB   Production   --ref   release/7  ',
      '--ref=release/7 web production',
      'web —ref release/7 production',
      'web production --ref “release/7”',
      'web\u00a0production --ref release/7',
    ])
      await ask('Deploy', words);
    expect(started()).toHaveLength(6);
    for (const input of started())
      expect(input).toEqual({
        service: 'web',
        environment: 'production',
        ref: 'release/7',
        requestedBy: { id: 'ada@example.com', name: 'Ada' },
        conversation: 'fake:a',
      });
  });

  test('the environment defaults to the first of the service', async () => {
    await ask('deploy', 'web');
    await ask('/deploy', 'deploy api --force');
    expect(started()).toMatchObject([
      { service: 'web', environment: 'preview' },
      { service: 'api', environment: 'production', force: true },
    ]);
  });

  test('every word works by itself, after the first, and under the name that Slack leaves free', async () => {
    const help = await said('help', '');
    expect(help).toContain('deploy, status, approve');
    for (const [command, args] of [
      ['deploy', ''],
      ['deploy', 'help'],
      ['deploy', '  HELP  '],
      ['', 'help'],
      ['', ''],
      ['/deploy-help', ''],
      ['deploy', '/help'],
    ] as const)
      expect(await said(command, args)).toBe(help);
    expect(await said('deploy', 'status')).toBe(await said('deploy-status', ''));
    expect(await said('status', '')).toContain('Nothing is running');
  });

  test('an unknown word is answered with the nearest one', async () => {
    expect(await said('stauts', '')).toBe(
      'Unknown command “stauts”. Did you mean status?\nUnknown command “stauts”. Did you mean status?',
    );
    expect(await said('xyzzy', '')).toContain('Commands: deploy, status, approve');
  });

  test('a wrong argument gets one sentence, the usage line and the nearest match, and nothing is started', async () => {
    const usage = 'Usage: deploy <service> [environment] [--ref <branch or commit>] [--force]';
    for (const [words, sentence] of [
      ['wbe', 'There is no service “wbe”. Did you mean web?'],
      ['web prod', 'Did you mean production?'],
      ['web nowhere', 'There are: preview, production.'],
      ['web production now', '“now” is one word too many.'],
      ['web --reff main', '“--reff” is not an option of deploy.'],
      ['web --ref', '“--ref” has no value'],
      ['--ref main', 'Say which service: web, api.'],
    ] as const) {
      const answer = await said('deploy', words);
      expect(answer).toContain(sentence);
      expect(answer).toContain(usage);
    }
    expect(start).not.toHaveBeenCalled();
  });

  test('what is no name and no ref is refused, and nothing is started', async () => {
    for (const words of [
      'web; rm -rf /',
      'web;rm',
      'web $(reboot)',
      'web `id`',
      '../../etc',
      'web ../production',
      'web --ref=--upload-pack=x',
      'web --ref --upload-pack=x',
      'web --ref=-f',
      'web --ref main..evil',
      'web --ref "a b"',
      'web --ref "a\nb"',
      'web --ref refs/heads/x.lock',
      'web --ref HEAD@{1}',
      'web --ref ""',
      'web --ref=/etc/passwd',
      '<@U123>',
      '__proto__',
      'constructor',
    ])
      expect((await ask('deploy', words)).card.title, words).toBe('That did not work');
    expect(start).not.toHaveBeenCalled();
  });

  test('ten kilobytes of text are refused before anything looks at them', async () => {
    expect(await said('deploy', 'x'.repeat(10_240))).toContain(
      'That is 10240 characters long, and 1500 are the most',
    );
    expect(await said('deny', `abcd ${'x'.repeat(1200)}`)).toContain('The reason has 1200 characters');
  });

  test('nothing that can be typed is started unless it names what the catalog has', async () => {
    const words = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('web', '--ref', 'main', '--force', 'preview', '"', "'", '\\', '-', '--'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('deploy', 'rollback', 'subscribe', ''),
        fc.array(words, { maxLength: 6 }),
        async (command, parts) => {
          const reply = await ask(command, parts.join(' '));
          expect(reply.card.summary).not.toContain('incident');
          for (const input of started()) {
            expect(['web', 'api']).toContain((input as { service: string }).service);
            expect((input as { ref?: string }).ref ?? 'main').toMatch(/^[^-\s][^\s]*$/);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('rollback takes the commit before, or the newest when the last apply was cut short', async () => {
    await ask('rollback', 'web production');
    everDeployed.unfinished = true;
    await ask('deploy', 'rollback web');
    everDeployed.unfinished = false;
    expect(started()).toMatchObject([
      { service: 'web', environment: 'production', ref: 'a'.repeat(40), force: true },
      { service: 'web', environment: 'preview', ref: 'b'.repeat(40), force: true },
    ]);
  });

  test('without a catalog a service can be named whole, and the worker decides', async () => {
    known = null;
    expect(await said('deploy', 'Anything')).toContain('name the environment too');
    await ask('deploy', 'Anything Prod');
    expect(started()).toMatchObject([{ service: 'Anything', environment: 'Prod' }]);
    expect(await said('deploy', '../x prod')).toContain('cannot be the name of a service');
  });

  test('a run is named by at least four characters of its id', async () => {
    for (const words of ['abc', 'web; rm', "x' OR '1'='1", '../../etc'])
      expect((await ask('approve', words)).card.title).toBe('That did not work');
    expect(update).not.toHaveBeenCalled();
  });
});

describe('decisions', () => {
  const id = 'total-build-0a0a0a0a-0000-4000-8000-000000000000';

  test('a click goes to the run as it is, under its own key', async () => {
    await ask('approve', id, { idempotencyKey: 'click', digest: 'd1' });
    expect(update).toHaveBeenCalledWith(expect.anything(), {
      updateId: 'click',
      args: [{ by: { id: 'ada@example.com', name: 'Ada' }, planDigest: 'd1' }],
    });
  });

  test('a reason is taken as it was typed', async () => {
    await ask('deny', `${id}  don't “touch”   it; --ref x `, { digest: 'd1' });
    expect(update).toHaveBeenCalledWith(
      expect.anything(),
      expect.objectContaining({ args: [expect.objectContaining({ reason: `don't "touch"   it; --ref x` })] }),
    );
  });

  test('a key that the server would find too long still names one update', async () => {
    await ask('cancel', id, { idempotencyKey: 'k'.repeat(500) });
    await ask('cancel', id, { idempotencyKey: 'k'.repeat(500) });
    await ask('cancel', id, { idempotencyKey: `${'k'.repeat(499)}x` });
    const ids = (update.mock.calls as unknown as [unknown, { updateId: string }][]).map(
      ([, { updateId }]) => updateId,
    );
    expect(ids[0]).toHaveLength(36);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });
});

describe('errors', () => {
  test('a bug is logged, and the person gets a number and no details', async () => {
    start.mockRejectedValueOnce(new Error('secret detail'));
    const answer = await said('deploy', 'web');
    expect(answer).toMatch(/incident [0-9a-f]{8}/);
    expect(answer).not.toContain('secret');
  });

  test('an answer that does not come is told later', async () => {
    const told = Promise.withResolvers<Reply>();
    const slow = { name: 'deploy', usage: '', description: '', example: '', run: () => hang.promise };
    const hang = Promise.withResolvers<Reply>();
    const dispatch = createDispatch({
      commands: [slow],
      deferReply: (_, reply) => told.resolve(reply),
      logger: silentLogger,
    });
    const call = {
      idempotencyKey: 'k',
      command: 'deploy',
      args: 'x',
      resolveActor: async () => ada,
      conversation: 'fake:a',
      deadline: Date.now() + 130,
    };
    const first = await dispatch(call);
    expect(first.card.summary).toContain("isn't confirmed");
    hang.resolve({ ...first, visibility: 'channel' });
    expect((await told.promise).visibility).toBe('channel');
  });

  test('every word is complete for help and manifests', () => {
    for (const { name, description, example } of commandSpecs) {
      expect(name).toMatch(/^[a-z]+$/);
      expect(description.length).toBeGreaterThan(10);
      expect(name === 'help' || example.length > 0).toBe(true);
    }
  });
});
