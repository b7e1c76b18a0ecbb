import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StageInput, StageProgress, StageResult } from '../../workflows/contract/activities.ts';
import type { ServiceTarget } from '../../workflows/contract/target.ts';
import { createArtifactStore } from '../artifacts/create-artifact-store.ts';
import { createWorkspaces } from '../git/workspaces.ts';
import { createProcessTag, processTagVariable } from '../process/orphan-processes.ts';
import { createRunCommand } from '../process/run-command.ts';
import { createStageActivities } from './stage-activities.ts';

let folder: string;
let origin: string;
let commit: string;

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
    cwd: origin,
    encoding: 'utf8',
  }).trim();

const newWorker = (name: string) => {
  const artifacts = createArtifactStore(`file:${join(folder, 'artifacts')}`, {});
  const patience = { interruptMs: 500, terminateMs: 500, orphanMs: 300 };
  const runCommand = createRunCommand({ artifacts, env: process.env, killGracePeriod: patience });
  const { workspace } = createWorkspaces({ dataDir: join(folder, name), runCommand });
  return { folder: join(folder, name, 'work'), ...createStageActivities({ runCommand, workspace }) };
};

const input = (workflowId: string, rest: Partial<ServiceTarget>): StageInput => ({
  workflowId,
  attempt: 1,
  revision: commit,
  target: {
    kind: 'service',
    name: 'web',
    environment: 'production',
    repo: origin,
    branch: 'main',
    install: null,
    test: null,
    image: null,
    terraform: null,
    approval: null,
    override: { required: 1, approvers: [], selfApproval: false, timeoutMs: 600_000 },
    policy: { maxDestroys: null, reviewDestroysAbove: 5, protected: [] },
    notify: [],
    ...rest,
  },
});

const inActivity = (work: () => Promise<StageResult>, environment = new MockActivityEnvironment()) =>
  environment.run<[], StageResult, () => Promise<StageResult>>(work);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-stages-'));
  origin = join(folder, 'origin');
  await mkdir(origin);
  git('init', '--quiet', '-b', 'main');
  await writeFile(
    join(origin, 'package.json'),
    JSON.stringify({ name: 'web', version: '1.0.0', scripts: { test: 'node --test' } }),
  );
  await writeFile(
    join(origin, 'a.test.js'),
    "const { test } = require('node:test');\ntest('one', () => {});\ntest('two', () => {});\n",
  );
  git('add', '.');
  git('commit', '--quiet', '-m', 'Begin');
  commit = git('rev-parse', 'HEAD');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('installing and testing', () => {
  test('a real npm project reports how many tests passed', async () => {
    const worker = newWorker('npm');
    const run = input('run-npm', { install: 'npm install --no-audit --no-fund', test: 'npm test' });
    expect((await inActivity(() => worker.installPackages(run))).detail).toMatch(/^installed in \d+ s$/);
    const tested = await inActivity(() => worker.performTests(run));
    expect(tested.detail).toBe('2 tests passed');
    expect(tested.log?.key).toBe('run-npm/perform_tests-1.log');
    expect(tested.tail.length).toBeGreaterThan(5);
  });

  test('two attempts install once', async () => {
    const worker = newWorker('twice');
    const run = input('run-twice', { install: 'echo x >> installed.txt', test: 'wc -l < installed.txt' });
    await inActivity(() => worker.installPackages(run));
    expect((await inActivity(() => worker.installPackages(run))).detail).toBe('already installed');
    expect((await inActivity(() => worker.performTests(run))).tail).toEqual(['1']);
  });

  test('testing on another worker, or after the working tree was lost, installs again first', async () => {
    const run = input('run-moved', { install: 'echo x >> installed.txt', test: 'cat installed.txt' });
    const [one, two] = [newWorker('one'), newWorker('two')];
    await inActivity(() => one.installPackages(run));
    expect((await inActivity(() => two.performTests(run))).tail).toEqual(['x']);
    await rm(join(one.folder, 'run-moved'), { recursive: true });
    expect((await inActivity(() => one.performTests(run))).tail).toEqual(['x']);
  });

  test('an installation that did not finish starts with a clean working tree', async () => {
    const worker = newWorker('half');
    const broken = input('run-half', { install: 'touch half; test -e ../fixed' });
    await expect(inActivity(() => worker.installPackages(broken))).rejects.toMatchObject({
      type: 'InstallFailed',
    });
    const path = join(worker.folder, 'run-half', 'source');
    expect(existsSync(join(path, 'half'))).toBe(true);
    await writeFile(join(worker.folder, 'run-half', 'fixed'), '');
    const fixed = input('run-half', { install: 'test ! -e half' });
    expect((await inActivity(() => worker.installPackages(fixed))).detail).toMatch(/^installed/);
  });

  test('processes that a killed worker left running in the working tree are killed first', async () => {
    const worker = newWorker('orphan');
    const run = input('run-orphan', { install: 'touch half; exit 1', test: 'true' });
    await expect(inActivity(() => worker.installPackages(run))).rejects.toMatchObject({
      type: 'InstallFailed',
    });
    const cwd = join(worker.folder, 'run-orphan', 'source');
    const env = { ...process.env, [processTagVariable]: createProcessTag(cwd) };
    const orphan = spawn('sleep', ['300'], { cwd, env, detached: true, stdio: 'ignore' });
    const ended = once(orphan, 'exit');
    const fixed = input('run-orphan', { install: 'test ! -e half' });
    await inActivity(() => worker.installPackages(fixed));
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  test('a service without commands is reported as such', async () => {
    const worker = newWorker('idle');
    expect((await inActivity(() => worker.installPackages(input('run-idle', {})))).detail).toBe(
      'nothing to install',
    );
    expect((await inActivity(() => worker.performTests(input('run-idle', {})))).detail).toBe('no tests');
  });

  test('an unknown test runner passes with its duration', async () => {
    const run = input('run-plain', { test: 'true' });
    expect((await inActivity(() => newWorker('plain').performTests(run))).detail).toBe('passed in 1 s');
  });
});

describe('the failure of', () => {
  test('a test has the counts, the last lines, the log and a hint', async () => {
    const run = input('run-red', { test: 'echo "--- details"; echo "41 passed, 1 failed in 0.5s"; exit 1' });
    await expect(inActivity(() => newWorker('red').performTests(run))).rejects.toMatchObject({
      type: 'TestsFailed',
      nonRetryable: true,
      message: 'testing web: 1 of 42 tests failed',
      details: [
        {
          hint: expect.stringContaining(commit.slice(0, 12)),
          tail: ['--- details', '41 passed, 1 failed in 0.5s'],
          log: expect.objectContaining({ key: 'run-red/perform_tests-1.log' }),
        },
      ],
    });
  });

  test('an installation has its exit code', async () => {
    const run = input('run-noinst', { install: 'echo no such package >&2; exit 7' });
    await expect(inActivity(() => newWorker('noinst').installPackages(run))).rejects.toMatchObject({
      type: 'InstallFailed',
      nonRetryable: true,
      message: expect.stringMatching(/^installing the packages of web: .* failed \(exit code 7\)$/),
      details: [expect.objectContaining({ tail: ['no such package'] })],
    });
  });

  test('a missing program has its name and how to install it', async () => {
    const run = input('run-lacks', { test: 'flutter-of-nowhere --all' });
    await expect(inActivity(() => newWorker('lacks').performTests(run))).rejects.toMatchObject({
      type: 'CommandNotFound',
      nonRetryable: true,
      message: 'testing web: command `flutter-of-nowhere` is not installed on this worker',
    });
  });
});

test('a test run heartbeats, and a cancelled one is stopped', async () => {
  const worker = newWorker('cancel');
  const environment = new MockActivityEnvironment();
  const beats: StageProgress[] = [];
  environment.on('heartbeat', (progress: StageProgress) => beats.push(progress));
  const run = input('run-cancel', { test: 'echo working; sleep 300 & echo $! > child.pid; wait' });
  const testing = inActivity(() => worker.performTests(run), environment);
  const path = join(worker.folder, 'run-cancel', 'source', 'child.pid');
  await vi.waitFor(async () => expect(await readFile(path, 'utf8')).toMatch(/\d\n/), { timeout: 20_000 });
  await vi.waitFor(() => expect(beats.at(-1)?.lines).toEqual(['working']), { timeout: 20_000 });
  const child = (await readFile(path, 'utf8')).trim();
  environment.cancel('CANCELLED');
  await expect(testing).rejects.toBeInstanceOf(CancelledFailure);
  await vi.waitFor(() => expect(existsSync(`/proc/${child}`)).toBe(false), { timeout: 20_000 });
});
