import type { Client } from '@temporalio/client';
import fc from 'fast-check';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CatalogSummary } from '../../../activities/catalog/catalog-summary.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { ada } from '../../cards/testing/sample-parts.ts';
import type { CommandRequest, Reply } from '../../platform/platform.ts';
import { createRunServices } from '../../process/run-services.ts';
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
  const parts = createRunServices({
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

describe('command parsing', () => {
  test('deploy accepts a service, an environment and a ref in any order, case and spacing', async () => {
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

  test('the default environment is the first of the service', async () => {
    await ask('deploy', 'web');
    await ask('/deploy', 'deploy api --force');
    expect(started()).toMatchObject([
      { service: 'web', environment: 'preview' },
      { service: 'api', environment: 'production', force: true },
    ]);
  });

  test('every command works alone, after deploy, and as deploy-<command>', async () => {
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
    expect(await said('status', '')).toContain('No active runs');
  });

  test('an unknown command is answered with the closest one', async () => {
    expect(await said('stauts', '')).toBe(
      'Unknown command “stauts”. Did you mean status?\nUnknown command “stauts”. Did you mean status?',
    );
    expect(await said('xyzzy', '')).toContain('Commands: deploy, status, approve');
  });

  test('an invalid argument gets one sentence, the usage and the closest match, and starts nothing', async () => {
    const usage = 'Usage: deploy <service> [environment] [--ref <branch or commit>] [--force]';
    for (const [words, sentence] of [
      ['wbe', 'Unknown service “wbe”. Did you mean web?'],
      ['web prod', 'Did you mean production?'],
      ['web nowhere', 'Available: preview, production.'],
      ['web production now', 'Unexpected argument “now”.'],
      ['web --reff main', 'Unknown option “--reff”.'],
      ['web --ref', 'Option “--ref” needs a value'],
      ['--ref main', 'Missing service. Available: web, api.'],
    ] as const) {
      const answer = await said('deploy', words);
      expect(answer).toContain(sentence);
      expect(answer).toContain(usage);
    }
    expect(start).not.toHaveBeenCalled();
  });

  test('invalid names and refs are refused, and start nothing', async () => {
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
      expect((await ask('deploy', words)).card.title, words).toBe('Failed');
    expect(start).not.toHaveBeenCalled();
  });

  test('ten kilobytes of text are refused before they are parsed', async () => {
    expect(await said('deploy', 'x'.repeat(10_240))).toContain(
      'Command too long: 10240 characters (limit 1500)',
    );
    expect(await said('deny', `abcd ${'x'.repeat(1200)}`)).toContain('Reason too long: 1200 characters');
  });

  test('no text starts a run unless it names a service of the catalog', async () => {
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

  test('rollback deploys the previous commit, or the newest complete one after an interrupted apply', async () => {
    await ask('rollback', 'web production');
    everDeployed.unfinished = true;
    await ask('deploy', 'rollback web');
    everDeployed.unfinished = false;
    expect(started()).toMatchObject([
      { service: 'web', environment: 'production', ref: 'a'.repeat(40), force: true },
      { service: 'web', environment: 'preview', ref: 'b'.repeat(40), force: true },
    ]);
  });

  test('without a catalog a service and an environment can be typed, and the worker checks them', async () => {
    known = null;
    expect(await said('deploy', 'Anything')).toContain('Specify the environment too');
    await ask('deploy', 'Anything Prod');
    expect(started()).toMatchObject([{ service: 'Anything', environment: 'Prod' }]);
    expect(await said('deploy', '../x prod')).toContain('Invalid service name');
  });

  test('a run ID needs at least four characters', async () => {
    for (const words of ['abc', 'web; rm', "x' OR '1'='1", '../../etc'])
      expect((await ask('approve', words)).card.title).toBe('Failed');
    expect(update).not.toHaveBeenCalled();
  });
});

describe('decisions', () => {
  const id = 'total-build-0a0a0a0a-0000-4000-8000-000000000000';

  test('a click is sent to the run under its own key', async () => {
    await ask('approve', id, { idempotencyKey: 'click', digest: 'd1' });
    expect(update).toHaveBeenCalledWith(expect.anything(), {
      updateId: 'click',
      args: [{ by: { id: 'ada@example.com', name: 'Ada' }, planDigest: 'd1' }],
    });
  });

  test('a reason is sent as it was typed', async () => {
    await ask('deny', `${id}  don't “touch”   it; --ref x `, { digest: 'd1' });
    expect(update).toHaveBeenCalledWith(
      expect.anything(),
      expect.objectContaining({ args: [expect.objectContaining({ reason: `don't "touch"   it; --ref x` })] }),
    );
  });

  test('a key that is too long for Temporal still names one update', async () => {
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

/** The log lines of what `run` does, as a production process writes them. */
const logged = async (run: (logger: Logger) => Promise<unknown>): Promise<readonly object[]> => {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  await run(pino({}, stream));
  return lines.map((line) => JSON.parse(line));
};

describe('errors', () => {
  test("an incident's log line contains the message and the stack of its cause", async () => {
    const broken = {
      name: 'deploy',
      usage: '',
      description: '',
      example: '',
      run: () => Promise.reject(new Error('disk full')),
    };
    const request = {
      idempotencyKey: 'k',
      command: 'deploy',
      args: 'web',
      resolveActor: async () => ada,
      conversation: 'fake:a',
      deadline: Date.now() + 2500,
    };
    const lines = await logged(async (logger) => {
      const { card, outcome } = await createDispatch({
        commands: [broken],
        deferReply: () => undefined,
        logger,
      })(request);
      expect(outcome).toBe('unconfirmed');
      expect(card.summary).toMatch(/incident [0-9a-f]{8}/);
    });
    expect(lines).toEqual([
      expect.objectContaining({
        incident: expect.stringMatching(/^[0-9a-f]{8}$/),
        command: 'deploy',
        err: expect.objectContaining({
          message: 'disk full',
          stack: expect.stringContaining('dispatch.test.ts'),
        }),
      }),
    ]);
  });

  test('an internal error is logged, and the person gets an incident ID without details', async () => {
    start.mockRejectedValueOnce(new Error('secret detail'));
    const answer = await said('deploy', 'web');
    expect(answer).toMatch(/incident [0-9a-f]{8}/);
    expect(answer).not.toContain('secret');
  });

  test('a reply that misses its deadline is deferred', async () => {
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

  test('every command has the texts that help and the manifests need', () => {
    for (const { name, description, example } of commandSpecs) {
      expect(name).toMatch(/^[a-z]+$/);
      expect(description.length).toBeGreaterThan(10);
      expect(name === 'help' || example.length > 0).toBe(true);
    }
  });
});
