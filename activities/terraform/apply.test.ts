import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StageProgress } from '../../workflows/contract/activities.ts';
import { approvalDigest } from '../policy/approval-digest.ts';
import { requireTerraform } from './prerequisites.ts';
import { createTerraformActivities } from './terraform-activities.ts';
import {
  catchFailure,
  createActivityEnvironment,
  createTerraformFixture,
} from './testing/terraform-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTerraformFixture>>;
beforeEach(async () => {
  fixture = await createTerraformFixture(process.env);
});
afterEach(() => fixture.remove());

const statePath = () => join(fixture.folder, 'web.tfstate');
const readState = async () => JSON.parse(await readFile(statePath(), 'utf8')) as { resources: unknown[] };

/** A resource whose creation ends when the file `go` exists in the test's folder. */
const slowResource = (name: string, rest = '') => `resource "terraform_data" "${name}" {
  ${rest}
  provisioner "local-exec" {
    command = "touch ${fixture.folder}/${name}-began; while [ ! -e ${fixture.folder}/go ]; do sleep 0.1; done"
  }
}\n`;
const began = (name: string) =>
  vi.waitFor(() => expect(existsSync(join(fixture.folder, `${name}-began`))).toBe(true), { timeout: 30_000 });
const finish = () => writeFile(join(fixture.folder, 'go'), '');

describe('An apply', () => {
  test('does what was planned, even if the code has changed since', async () => {
    await fixture.write('resource "terraform_data" "a" {}\nresource "terraform_data" "b" {}');
    const { plan } = await fixture.plan();
    await fixture.write('resource "terraform_data" "other" {}');
    const { applied, detail, log } = await fixture.apply(plan);
    expect(detail).toBe('2 added, 0 changed, 0 destroyed');
    expect(applied).toMatchObject({ added: 2, done: 2, total: 2 });
    expect([...applied.finished].sort()).toEqual(['terraform_data.a', 'terraform_data.b']);
    const text = await fixture.read(log);
    expect(text).toContain('terraform_data.a: Creation complete after 0s');
    expect(text).not.toContain('[id=');
    expect((await readState()).resources).toHaveLength(2);
  });

  test('counts a replacement as one resource, added and destroyed', async () => {
    const code = (n: number) => `resource "terraform_data" "a" {\n triggers_replace = ${n}\n}
      resource "terraform_data" "b" {\n input = ${n}\n}`;
    await fixture.write(code(1));
    await fixture.applyAll();
    await fixture.write(code(2));
    const { applied } = await fixture.applyAll();
    expect(applied).toMatchObject({ added: 1, changed: 1, destroyed: 1, done: 2, total: 2 });
  });

  test('heartbeats the number of finished and of planned resources', async () => {
    await fixture.write(
      `resource "terraform_data" "a" {}\n${slowResource('slow', 'input = terraform_data.a.id')}`,
    );
    const approved = await fixture.approve((await fixture.plan()).plan);
    const environment = createActivityEnvironment();
    const beats: StageProgress[] = [];
    environment.on('heartbeat', (beat: StageProgress) => beats.push(beat));
    const applying = fixture.inActivity(() => fixture.activities.terraformApply(approved), environment);
    await began('slow');
    await vi.waitFor(() => expect(beats.at(-1)).toMatchObject({ done: 1, total: 2 }), { timeout: 30_000 });
    await finish();
    await applying;
    expect(beats.at(-1)).toMatchObject({ done: 2, total: 2 });
  });

  test('of a plan without changes succeeds and does nothing', async () => {
    await fixture.write('resource "terraform_data" "a" {}');
    await fixture.applyAll();
    const { applied } = await fixture.applyAll();
    expect(applied).toEqual({ added: 0, changed: 0, destroyed: 0, done: 0, total: 0, finished: [] });
  });
});

describe('A plan that differs from the approved one', () => {
  beforeEach(() => fixture.write('resource "terraform_data" "a" {}'));

  test('is stale when the state has changed since', async () => {
    const { plan } = await fixture.plan();
    await fixture.applyAll();
    const failure = await catchFailure(fixture.apply(plan));
    expect(failure).toMatchObject({ type: 'StalePlan', retryable: false });
    expect(failure.message).toBe(
      'applying web in production: the state changed after the plan was made; no change was started',
    );
    expect(failure.details.hint).toContain('Plan again');
    expect(failure.details.applied).toBeUndefined();
  });

  test('is not applied when its file was replaced in the store', async () => {
    const { plan } = await fixture.plan();
    await writeFile(join(fixture.folder, 'artifacts', plan.file.key), 'something else');
    const failure = await catchFailure(fixture.apply(plan));
    expect(failure).toMatchObject({ type: 'PlanMismatch', retryable: false });
    expect(failure.message).toMatch(/the content differs from what was stored .* so nothing was applied$/);
    expect(existsSync(statePath())).toBe(false);
  });

  test('is not applied when plan, commit, provider lock file or verdict differ', async () => {
    const approved = await fixture.approve((await fixture.plan()).plan);
    const other = { key: 'x', bytes: 1, sha256: 'f'.repeat(64) };
    const wrong = [
      { ...approved, digest: 'f'.repeat(64) },
      { ...approved, revision: 'a'.repeat(40) },
      { ...approved, plan: { ...approved.plan, lock: other } },
      { ...approved, plan: { ...approved.plan, file: other } },
      { ...approved, verdict: { outcome: 'soft' as const, violations: [] } },
    ];
    for (const input of wrong) {
      const failure = await catchFailure(fixture.inActivity(() => fixture.activities.terraformApply(input)));
      expect(failure).toMatchObject({ type: 'PlanMismatch', retryable: false });
    }
    expect(existsSync(statePath())).toBe(false);
  });

  test('is not applied when the policy forbids it, even if it was approved', async () => {
    const { plan } = await fixture.plan();
    const verdict = {
      outcome: 'hard' as const,
      violations: [{ rule: 'x', level: 'hard' as const, message: 'Not on a Friday.' }],
    };
    const input = fixture.input();
    const digest = approvalDigest({ plan, revision: input.revision, verdict });
    const failure = await catchFailure(
      fixture.inActivity(() => fixture.activities.terraformApply({ ...input, plan, verdict, digest })),
    );
    expect(failure).toMatchObject({ type: 'PolicyViolation', details: { hint: 'Not on a Friday.' } });
  });
});

describe('An apply that does not finish', () => {
  test('reports what was done when it fails halfway, but not what a provisioner printed', async () => {
    await fixture.write(`resource "terraform_data" "a" {}
      resource "terraform_data" "b" {
        input = terraform_data.a.id
        provisioner "local-exec" {
          command     = "echo the answer is $ANSWER; exit 3"
          environment = { ANSWER = "top-secret-42" }
        }
      }
      resource "terraform_data" "c" {\n input = terraform_data.b.id\n}`);
    const failure = await catchFailure(fixture.applyAll());
    expect(failure).toMatchObject({ type: 'ApplyFailed', retryable: false });
    expect(failure.message).toBe(
      'applying web in production: local-exec provisioner error, terraform_data.b; 1 of 3 resources done',
    );
    expect(failure.details.applied).toMatchObject({
      added: 1,
      done: 1,
      total: 3,
      finished: ['terraform_data.a'],
    });
    expect(failure.details.tail).toContain('  exit status 3');
    const log = await fixture.read(failure.details.log);
    expect(log).toContain('terraform_data.b: Creation errored');
    expect(JSON.stringify(failure) + log).not.toMatch(/top-secret|the answer/);
  });

  test('reports how far it came even if it is cancelled while the plan is read for its secrets', async () => {
    await fixture.write(`resource "terraform_data" "a" {}
      resource "terraform_data" "b" {
        input = terraform_data.a.id
        provisioner "local-exec" {
          command = "exit 3"
        }
      }`);
    const approved = await fixture.approve((await fixture.plan()).plan);
    const terraform = requireTerraform(null, process.env, 'testing');
    const slow = join(fixture.folder, 'slow');
    const show = `touch '${fixture.folder}/show-began'; exec sleep 300`;
    const script = `#!/bin/sh\nif [ "$1" = show ]; then ${show}; fi\nexec '${terraform}' "$@"\n`;
    await writeFile(slow, script, { mode: 0o755 });
    const activities = createTerraformActivities({ ...fixture.deps, terraformBin: slow });
    const environment = createActivityEnvironment();
    const applying = catchFailure(fixture.inActivity(() => activities.terraformApply(approved), environment));
    await began('show');
    environment.cancel();
    expect(await applying).toMatchObject({
      type: 'ApplyFailed',
      details: { applied: { added: 1, done: 1, total: 2, finished: ['terraform_data.a'] } },
    });
  });

  test('stops Terraform cleanly when it is cancelled, and reports what was done', async () => {
    await fixture.write(
      `resource "terraform_data" "a" {}\n${slowResource('slow', 'input = terraform_data.a.id')}`,
    );
    const approved = await fixture.approve((await fixture.plan()).plan);
    const environment = createActivityEnvironment();
    const applying = catchFailure(
      fixture.inActivity(() => fixture.activities.terraformApply(approved), environment),
    );
    await began('slow');
    environment.cancel();
    const failure = await applying;
    expect(failure).toMatchObject({ type: 'Interrupted', retryable: false });
    expect(failure.message).toBe('applying web in production: stopped, 1 of 2 resources done');
    expect(failure.details.applied).toMatchObject({ added: 1, done: 1, total: 2 });
    expect(failure.details.hint).toContain('new plan');
    expect(await fixture.read(failure.details.log)).toContain('terraform_data.a: Creation complete');
    // The state was written and its lock released: the next plan sees what is there.
    const { plan } = await fixture.plan();
    expect(plan.summary.changes).toMatchObject([
      {
        address: 'terraform_data.slow',
        action: 'replace',
        note: 'tainted: its last creation did not finish',
      },
    ]);
  });
});

describe('A state that another process has locked', () => {
  test('is reported with its holder after a short wait', async () => {
    await fixture.write(slowResource('held'));
    const { plan: mine } = await fixture.plan();
    const holder = spawn(
      requireTerraform(null, process.env, 'testing'),
      ['apply', '-auto-approve', '-input=false'],
      {
        cwd: fixture.code,
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => holder.once('exit', resolve));
    await began('held');
    const failure = await catchFailure(fixture.plan());
    expect(failure).toMatchObject({ type: 'StateLocked', retryable: true });
    expect(failure.message).toMatch(
      /the state is locked by \S+@\S+ since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(apply\)$/,
    );
    expect(failure.details.hint).toMatch(/force-unlock [0-9a-f-]{36}/);
    const late = createActivityEnvironment({ attempt: 5 });
    const last = await catchFailure(
      fixture.inActivity(() => fixture.activities.terraformPlan(fixture.input()), late),
    );
    expect(last).toMatchObject({ type: 'StateLocked', retryable: false });
    expect(await catchFailure(fixture.apply(mine))).toMatchObject({ type: 'StateLocked', retryable: false });
    // A cancellation ends the wait for the lock.
    const patient = createTerraformActivities({ ...fixture.deps, lockTimeout: '10m' });
    const environment = createActivityEnvironment();
    const beats: StageProgress[] = [];
    environment.on('heartbeat', (beat: StageProgress) => beats.push(beat));
    const plan = fixture.inActivity(() => patient.terraformPlan(fixture.input()), environment);
    await vi.waitFor(() => expect(beats.length).toBeGreaterThan(2), { timeout: 30_000 });
    environment.cancel();
    await expect(plan).rejects.toThrow(CancelledFailure);
    await finish();
    await ended;
    expect((await fixture.plan()).detail).toBe('no changes');
  });
});
