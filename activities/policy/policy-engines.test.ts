import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import nock from 'nock';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBinaryEngine, createServerEngine } from './policy-engines.ts';
import type { PolicyEngine } from './port.ts';
import { createWasmEngine, manifestFile, shippedPolicyDir } from './shipped-policy.ts';
import { requireOpa, startOpaServer } from './testing/opa-server.ts';
import { change, createPlanEvaluator, planJson } from './testing/plan-evaluator.ts';

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

const evaluatorFor = (name: string) => createPlanEvaluator(engines.get(name) as PolicyEngine);

const admin = change('temporalcloud_user', ['create'], null, { account_access: 'admin' });
const owner = change('temporalcloud_user', ['create'], null, { account_access: 'owner' });
const broken: PolicyEngine = { name: 'a policy', evaluate: async () => undefined };

describe.each(['wasm', 'server', 'binary'])('The %s engine with the shipped rules', (name) => {
  test('passes, warns and forbids with the same messages as the others', async () => {
    const evaluate = await evaluatorFor(name);
    expect(await evaluate(planJson(change('aws_sqs_queue', ['create'], null, {})))).toEqual({
      outcome: 'pass',
      violations: [],
    });
    expect(await evaluate(planJson(admin))).toEqual({
      outcome: 'soft',
      violations: [
        {
          rule: 'admin_user',
          level: 'soft',
          message: 'temporalcloud_user.it becomes an admin of the whole account.',
        },
      ],
    });
    expect(await evaluate(planJson(admin, owner))).toMatchObject({
      outcome: 'hard',
      violations: [{ rule: 'account_owner' }, { rule: 'admin_user' }],
    });
  });

  test('applies the limits and protected patterns of the catalog', async () => {
    const evaluate = await evaluatorFor(name);
    const gone = change('aws_sns_topic', ['delete'], {}, null);
    expect((await evaluate(planJson(gone))).outcome).toBe('pass');
    expect(await evaluate(planJson(gone), { maxDestroys: 0 })).toMatchObject({
      outcome: 'hard',
      violations: [
        {
          message: 'The plan destroys 1 resource (0 of them replacements); stack network allows none.',
        },
      ],
    });
    expect((await evaluate(planJson(gone), { reviewDestroysAbove: 0 })).outcome).toBe('soft');
    for (const pattern of ['aws_sns_topic.it', 'aws_sns_topic', 'aws_sns_*', '*'])
      expect((await evaluate(planJson(gone), { protected: [pattern] })).outcome).toBe('hard');
    expect((await evaluate(planJson(gone), { protected: ['aws_sns_topic.i', 'aws_sns'] })).outcome).toBe(
      'pass',
    );
  });

  test.each([
    ['an empty document', {}],
    ['null', null],
    ['invalid JSON', '{"format_version": "1.2", "resource_changes": ['],
    ['a plan without a version', { errored: false, resource_changes: [] }],
    ['a plan without changes', { format_version: '1.2', errored: false }],
    ['a plan marked as errored', { ...planJson(), errored: true }],
    ['a plan that does not say whether it errored', { format_version: '1.2', resource_changes: [] }],
  ])('refuses %s', async (_, document) => {
    await expect((await evaluatorFor(name))(document)).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: true,
      message: expect.stringContaining('cannot evaluate the plan'),
    });
  });

  test('forbids a plan with a malformed change', async () => {
    const evaluate = await evaluatorFor(name);
    expect(await evaluate(planJson({ address: 'a.b' }))).toMatchObject({
      outcome: 'hard',
      violations: [{ rule: 'policy_input' }],
    });
  });
});

describe('A policy without a verdict', () => {
  test.each([
    ['with an undefined result', undefined, 'data.quarterdeck.result is undefined'],
    ['with the result format of another tool', { allow: true, deny: [] }, 'evaluated'],
    [
      'with a violation without a level',
      { evaluated: true, violations: [{ rule: 'x', message: 'y' }] },
      'level',
    ],
    ['with a result that was not evaluated', { evaluated: false, violations: [] }, 'evaluated'],
  ])('%s is refused', async (_, value, why) => {
    const evaluate = await createPlanEvaluator({ ...broken, evaluate: async () => value });
    await expect(evaluate(planJson())).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: true,
      message: expect.stringContaining(why),
    });
  });

  test('that throws is refused, and the error quotes it', async () => {
    const fail = () => Promise.reject(new Error('not implemented: built-in function 7: time.now_ns'));
    const evaluate = await createPlanEvaluator({ ...broken, evaluate: fail });
    await expect(evaluate(planJson())).rejects.toMatchObject({
      nonRetryable: true,
      message:
        'checking the policy: a policy returned no verdict: not implemented: built-in function 7: time.now_ns',
    });
  });

  test('because its rules contradict each other is refused by opa eval', async () => {
    await writeFile(join(folder, 'own.rego'), 'package quarterdeck\n\nresult := 1\n\nresult := 2\n');
    const evaluate = await createPlanEvaluator(createBinaryEngine(requireOpa(), folder, process.env));
    await expect(evaluate(planJson())).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: true,
      message: expect.stringContaining('conflict'),
    });
  });
});

describe('An OPA server', () => {
  test('that does not respond causes a retryable failure', async () => {
    const evaluate = await createPlanEvaluator(createServerEngine('http://127.0.0.1:9'));
    await expect(evaluate(planJson())).rejects.toMatchObject({
      type: 'PolicyFailed',
      nonRetryable: false,
      message: expect.stringContaining('OPA at http://127.0.0.1:9 is not responding'),
    });
  });

  test('that responds with an error status causes a retryable failure', async () => {
    nock('http://opa.example.com').post('/v1/data/quarterdeck/result').reply(503, 'starting');
    const evaluate = await createPlanEvaluator(createServerEngine('http://opa.example.com/'));
    await expect(evaluate(planJson())).rejects.toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('HTTP 503: starting'),
    });
  });

  test('without the rules returns no verdict, so no plan passes', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'quarterdeck-no-rules-'));
    const bare = await startOpaServer(empty);
    try {
      const evaluate = await createPlanEvaluator(createServerEngine(bare.url));
      await expect(evaluate(planJson())).rejects.toMatchObject({
        nonRetryable: true,
        message: expect.stringContaining('data.quarterdeck.result is undefined'),
      });
    } finally {
      bare.stop();
      await rm(empty, { recursive: true, force: true });
    }
  });
});

describe('The compiled policy', () => {
  test('matches the rules in its folder, and the rules pass their tests', async () => {
    await execa('node', ['scripts/policy-build.ts', '--check'], { preferLocal: true });
    const { stdout } = await execa(requireOpa(), ['test', shippedPolicyDir]);
    expect(stdout).toMatch(/^PASS: \d+\/\d+$/m);
  });

  test.each([
    ['a rule was edited', 'limits.rego'],
    ['a rule was added', 'own.rego'],
    ['policy.wasm was replaced', 'policy.wasm'],
  ])('is refused when %s, and the error names the file', async (_, file) => {
    const copy = join(folder, file.replace('.', '-'));
    await cp(shippedPolicyDir, copy, { recursive: true });
    await writeFile(join(copy, file), 'package quarterdeck\n');
    await expect(createWasmEngine(copy)).rejects.toThrow(
      new RegExp(`policy.wasm was not compiled from the rules in its folder .*${file}.*npm run policy:build`),
    );
  });

  test('is refused without its manifest', async () => {
    const copy = join(folder, 'listless');
    await cp(shippedPolicyDir, copy, { recursive: true });
    await rm(join(copy, manifestFile));
    await expect(createWasmEngine(copy)).rejects.toThrow('ENOENT');
  });
});
