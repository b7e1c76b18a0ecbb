import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { startCodecServer } from '../codec-server/testing/start-codec-server.ts';
import { createKeyRing, makeKey } from '../encryption/testing/rings.ts';
import { findTemporalCli } from '../scripts/tools/find-tool.mjs';
import { failureTypes } from '../workflows/contract/failure.ts';
import { approveApplySignal, approveApplyUpdate, runQuery } from '../workflows/contract/run-messages.ts';
import { ada, samplePlan, sampleRule } from '../workflows/testing/samples.ts';
import { createTestWorld, type Handle, type TestWorld } from '../workflows/testing/test-world.ts';

const keys = createKeyRing(makeKey('k1'));
const token = 'a-token-of-some-length';
const joan = { id: 'joan@example.com', name: 'Joan Clarke' };
/** What must be unreadable on the server: a name, a plan, a secret in a failure, a reason. */
const secrets = /Joan Clarke|vault_token|hunter2|because of Enigma/;

let world: TestWorld;
let codec: Awaited<ReturnType<typeof startCodecServer>>;
let stranger: Client;

beforeAll(async () => {
  world = await createTestWorld({ address: inject('temporalAddress'), encryption: keys });
  codec = await startCodecServer({ keys, token, origins: [] });
  stranger = new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });
});
afterAll(async () => {
  codec.stop();
  await stranger.connection.close();
  await world.close();
});

const plan = () => {
  const sample = samplePlan('1');
  const [change] = sample.summary.changes;
  const changes = change ? [{ ...change, address: 'vault_token.admin' }] : [];
  return { ...sample, summary: { ...sample.summary, changes } };
};

const rawHistory = async ({ workflowId }: Handle): Promise<string> =>
  historyToJSON(await stranger.workflow.getHandle(workflowId).fetchHistory());

/** Decodes base64, which would hide text from a search. */
const everyText = (json: string): string =>
  json.replaceAll(
    /"([A-Za-z0-9+/]{8,}={0,2})"/g,
    (_, text) => `"${Buffer.from(text, 'base64').toString('latin1')}"`,
  );

const temporalAs = async (bearer: string, ...args: string[]): Promise<string> => {
  const { stdout } = await execa(findTemporalCli() ?? 'temporal', [
    ...args,
    ...['--address', inject('temporalAddress'), '--codec-endpoint', `${codec.url}/{namespace}`],
    ...['--codec-auth', `Bearer ${bearer}`],
  ]);
  return stdout;
};
const temporal = (...args: string[]): Promise<string> => temporalAs(token, ...args);

describe('a run with ENCRYPT_PAYLOADS', () => {
  let approved: Handle;
  let failed: Handle;

  beforeAll(async () => {
    const detail = { detail: '1 to change', tail: ['hunter2'], log: null };
    const stack = world.service({
      stack: { approval: sampleRule },
      terraform_plan: async () => ({ ...detail, plan: plan() }),
    });
    approved = await world.provision(stack, { requestedBy: joan });
    await world.until(approved, 'awaiting_approval');
    await approved.executeUpdate(approveApplyUpdate, { args: [{ by: ada, reason: 'because of Enigma' }] });
    await approved.result();

    const broken = world.service({
      terraform_plan: async () => {
        throw ApplicationFailure.nonRetryable('vault_token refused: hunter2', failureTypes.planFailed, {
          hint: 'hunter2',
          tail: ['hunter2'],
          log: null,
        });
      },
    });
    failed = await world.provision(broken, { requestedBy: joan });
    await world.until(failed, 'failed');
  });

  test('leaves no plan, secret, reason or name unencrypted on the server', async () => {
    for (const run of [approved, failed]) {
      const json = await rawHistory(run);
      expect(json).toContain(Buffer.from('binary/encrypted').toString('base64'));
      expect(everyText(json)).not.toMatch(secrets);
    }
    expect(await rawHistory(failed)).toContain('Encoded failure');
  });

  test('is the same run for a client that has the key', async () => {
    const view = await approved.query(runQuery);
    expect(view.status).toBe('succeeded');
    expect(view.requestedBy).toEqual(joan);
    expect(JSON.stringify(view)).toMatch(/vault_token.*because of Enigma/s);
    expect(JSON.stringify(await failed.query(runQuery))).toContain('vault_token refused: hunter2');
  });

  test('is shown by temporal workflow show through the codec server, and not without the token', async () => {
    const show = ['workflow', 'show', '--output', 'json', '--workflow-id', approved.workflowId];
    const shown = everyText(await temporal(...show));
    for (const word of ['Joan Clarke', 'vault_token', 'hunter2', 'because of Enigma'])
      expect(shown).toContain(word);
    const query = ['workflow', 'query', '--workflow-id', approved.workflowId, '--type', 'get_run'];
    await expect(temporalAs('wrong', ...query)).rejects.toThrow('Unauthorized');
    const failure = await temporal(
      'workflow',
      'show',
      '--output',
      'json',
      '--workflow-id',
      failed.workflowId,
    );
    expect(everyText(failure)).toContain('vault_token refused');
  });

  test('takes a query and a signal typed in a terminal', async () => {
    const anyone = { ...sampleRule, approvers: [] };
    const run = await world.provision(world.service({ stack: { approval: anyone } }), { requestedBy: joan });
    await world.until(run, 'awaiting_approval');
    const id = ['--workflow-id', run.workflowId];
    const status = await temporal('workflow', 'query', ...id, '--type', 'get_current_status');
    expect(status).toContain('awaiting_approval');
    await temporal('workflow', 'signal', ...id, '--name', 'deny_apply', '--input', '"because of Enigma"');
    const view = await run.result();
    expect(view.events.find(({ kind }) => kind === 'denied')).toMatchObject({ reason: 'because of Enigma' });
    expect(everyText(await rawHistory(run))).not.toMatch(secrets);
  });

  test('survives a worker that lacks the key', async () => {
    const run = await world.provision(world.service({ stack: { approval: sampleRule } }));
    await world.until(run, 'awaiting_approval');
    await world.replaceWorker(createKeyRing(makeKey('k2')));
    await run.signal(approveApplySignal, { by: ada, reason: 'because of Enigma' });
    const failures = async () =>
      (await rawHistory(run)).match(/EVENT_TYPE_WORKFLOW_TASK_FAILED/g)?.length ?? 0;
    await vi.waitFor(async () => expect(await failures()).toBeGreaterThan(0), { timeout: 30_000 });
    expect((await run.describe()).status.name).toBe('RUNNING');
    await world.replaceWorker();
    expect((await run.result()).status).toBe('succeeded');
  });

  test('replays from its encrypted history: the workflows make the same decisions', async () => {
    await expect(world.replay(approved.workflowId)).resolves.toBeUndefined();
    await expect(world.replay(failed.workflowId)).resolves.toBeUndefined();
  });
});
