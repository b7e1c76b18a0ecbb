import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import nock from 'nock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBinaryEngine, createServerEngine } from './policy-engines.ts';
import type { PolicyEngine } from './port.ts';
import { createWasmEngine, manifestFile, shippedPolicyDir } from './shipped-policy.ts';
import { change, createJudge, planJson } from './testing/judge.ts';
import { requireOpa, startOpaServer } from './testing/opa-server.ts';

let server: Awaited<ReturnType<typeof startOpaServer>>;
let folder: string;
const engines = new Map<string, PolicyEngine>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-engines-'));
  server = await startOpaServer(shippedPolicyDir);
  engines.set('wasm', await createWasmEngine());
  engines.set('server', createServerEngine(server.url));
  engines.set('binary', createBinaryEngine(requireOpa(), shippedPolicyDir, process.env));
});
afterAll(async () => {
  server.stop();
  await rm(folder, { recursive: true, force: true });
});

const judgeWith = (name: string) => createJudge(engines.get(name) as PolicyEngine);

const admin = change('temporalcloud_user', ['create'], null, { account_access: 'admin' });
const owner = change('temporalcloud_user', ['create'], null, { account_access: 'owner' });
const broken: PolicyEngine = { name: 'a policy', evaluate: async () => undefined };

describe.each(['wasm', 'server', 'binary'])('the shipped rules in the %s', (name) => {
  test('pass, object and forbid alike, in words', async () => {
    const judge = await judgeWith(name);
    expect(await judge(planJson(change('aws_sqs_queue', ['create'], null, {})))).toEqual({
      outcome: 'pass',
      violations: [],
    });
    expect(await judge(planJson(admin))).toEqual({
      outcome: 'soft',
      violations: [
        {
          rule: 'admin_user',
          level: 'soft',
          message: 'temporalcloud_user.it becomes an admin of the whole account.',
        },
      ],
    });
    expect(await judge(planJson(admin, owner))).toMatchObject({
      outcome: 'hard',
      violations: [{ rule: 'account_owner' }, { rule: 'admin_user' }],
    });
  });

  test('keep to the limits and the protection of the catalog', async () => {
    const judge = await judgeWith(name);
    const gone = change('aws_sns_topic', ['delete'], {}, null);
    expect((await judge(planJson(gone))).outcome).toBe('pass');
    expect(await judge(planJson(gone), { maxDestroys: 0 })).toMatchObject({
      outcome: 'hard',
      violations: [
        {
          message:
            'The plan destroys 1 resource (0 of them to be replaced), and network in stack allows none.',
        },
      ],
    });
    expect((await judge(planJson(gone), { reviewDestroysAbove: 0 })).outcome).toBe('soft');
    for (const pattern of ['aws_sns_topic.it', 'aws_sns_topic', 'aws_sns_*', '*'])
      expect((await judge(planJson(gone), { protected: [pattern] })).outcome).toBe('hard');
    expect((await judge(planJson(gone), { protected: ['aws_sns_topic.i', 'aws_sns'] })).outcome).toBe('pass');
  });

  test.each([
    ['an empty document', {}],
    ['null', null],
    ['no JSON', '{"format_version": "1.2", "resource_changes": ['],
    ['no version', { errored: false, resource_changes: [] }],
    ['no changes', { format_version: '1.2', errored: false }],
    ['a plan that errored', { ...planJson(), errored: true }],
    ['a plan that does not say whether it errored', { format_version: '1.2', resource_changes: [] }],
  ])('refuse %s', async (_, document) => {
    await expect((await judgeWith(name))(document)).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: true,
      message: expect.stringContaining('the plan cannot be judged'),
    });
  });

  test('forbid a change that is not shaped like one', async () => {
    const judge = await judgeWith(name);
    expect(await judge(planJson({ address: 'a.b' }))).toMatchObject({
      outcome: 'hard',
      violations: [{ rule: 'policy_input' }],
    });
  });
});

describe('a policy that has no verdict', () => {
  test.each([
    ['undefined', undefined, 'data.quarterdeck.result is undefined'],
    ['an allow of another tool', { allow: true, deny: [] }, 'evaluated'],
    ['a verdict of no level', { evaluated: true, violations: [{ rule: 'x', message: 'y' }] }, 'level'],
    ['one that was not evaluated', { evaluated: false, violations: [] }, 'evaluated'],
  ])('%s is refused', async (_, value, why) => {
    const judge = await createJudge({ ...broken, evaluate: async () => value });
    await expect(judge(planJson())).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: true,
      message: expect.stringContaining(why),
    });
  });

  test('throws, and is refused with what it said', async () => {
    const evaluate = () => Promise.reject(new Error('not implemented: built-in function 7: time.now_ns'));
    const judge = await createJudge({ ...broken, evaluate });
    await expect(judge(planJson())).rejects.toMatchObject({
      nonRetryable: true,
      message:
        'checking the policy: a policy gave no verdict: not implemented: built-in function 7: time.now_ns',
    });
  });

  test('of a team’s own rules that contradict themselves is refused by the program', async () => {
    await writeFile(join(folder, 'own.rego'), 'package quarterdeck\n\nresult := 1\n\nresult := 2\n');
    const judge = await createJudge(createBinaryEngine(requireOpa(), folder, process.env));
    await expect(judge(planJson())).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: true,
      message: expect.stringContaining('conflict'),
    });
  });
});

describe('an OPA server', () => {
  test('that is away is asked again', async () => {
    const judge = await createJudge(createServerEngine('http://127.0.0.1:9'));
    await expect(judge(planJson())).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: false,
      message: expect.stringContaining('OPA at http://127.0.0.1:9 does not answer'),
    });
  });

  test('that is in trouble is asked again', async () => {
    nock('http://opa.example.com').post('/v1/data/quarterdeck/result').reply(503, 'starting');
    const judge = await createJudge(createServerEngine('http://opa.example.com/'));
    await expect(judge(planJson())).rejects.toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('it answered 503: starting'),
    });
  });

  test('without our rules has no verdict, and nothing passes', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'quarterdeck-no-rules-'));
    const bare = await startOpaServer(empty);
    try {
      const judge = await createJudge(createServerEngine(bare.url));
      await expect(judge(planJson())).rejects.toMatchObject({
        nonRetryable: true,
        message: expect.stringContaining('data.quarterdeck.result is undefined'),
      });
    } finally {
      bare.stop();
      await rm(empty, { recursive: true, force: true });
    }
  });
});

describe('the compiled rules', () => {
  test('are those beside them, and the rules pass their own tests', async () => {
    await execa('node', ['scripts/policy-build.ts', '--check'], { preferLocal: true });
    const { stdout } = await execa(requireOpa(), ['test', shippedPolicyDir]);
    expect(stdout).toMatch(/^PASS: \d+\/\d+$/m);
  });

  test.each([
    ['a rule was edited', 'limits.rego'],
    ['a rule was added', 'own.rego'],
    ['the compiled form was exchanged', 'policy.wasm'],
  ])('are not used when %s, and it is said', async (_, file) => {
    const copy = join(folder, file.replace('.', '-'));
    await cp(shippedPolicyDir, copy, { recursive: true });
    await writeFile(join(copy, file), 'package quarterdeck\n');
    await expect(createWasmEngine(copy)).rejects.toThrow(
      new RegExp(`policy.wasm was not made from the rules beside it .*${file}.*npm run policy:build`),
    );
  });

  test('need their list', async () => {
    const copy = join(folder, 'listless');
    await cp(shippedPolicyDir, copy, { recursive: true });
    await rm(join(copy, manifestFile));
    await expect(createWasmEngine(copy)).rejects.toThrow('ENOENT');
  });
});
