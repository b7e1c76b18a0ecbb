import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeployActivities, StageInput } from '../../workflows/contract/activities.ts';
import type { ImageBuilder } from '../../workflows/contract/target.ts';
import { createArtifactStore } from '../artifacts/create-artifact-store.ts';
import { createWorkspaces } from '../git/workspaces.ts';
import type { ProcessCommand, RunCommand } from '../process/port.ts';
import { createRunCommand } from '../process/run-command.ts';
import { storageArguments } from './builder.ts';
import { createImageActivities } from './image-activities.ts';

/** The storage that the activity uses here. */
const storage = storageArguments('buildah', process.env);
const run = promisify(execFile);
const name = 'localhost/quarterdeck-test';

type Built = Awaited<ReturnType<DeployActivities['buildImage']>>;

let folder: string;
let origin: string;
let commit: string;
let env: NodeJS.ProcessEnv;

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
    cwd: origin,
    encoding: 'utf8',
  }).trim();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-image-'));
  const conf = join(folder, 'storage.conf');
  const [graph, runs] = [join(folder, 'graph'), join(folder, 'runs')];
  await writeFile(conf, `[storage]\ndriver = "vfs"\ngraphroot = "${graph}"\nrunroot = "${runs}"\n`);
  // Images go to a separate store, which is deleted with the test's folder.
  env = { ...process.env, CONTAINERS_STORAGE_CONF: conf };
  origin = join(folder, 'origin');
  await mkdir(join(origin, 'docker'), { recursive: true });
  git('init', '--quiet', '-b', 'main');
  await writeFile(join(origin, 'hello.txt'), 'hello');
  await writeFile(join(origin, 'Dockerfile'), 'FROM scratch\nCOPY hello.txt /hello.txt\n');
  await writeFile(join(origin, 'docker', 'Other'), 'FROM scratch\nCOPY docker/Other /other\n');
  await writeFile(join(origin, 'NoFile'), 'FROM scratch\nCOPY not-there.txt /x\n');
  await writeFile(join(origin, 'NoBase'), 'FROM docker://127.0.0.1:9/team/base:1\nCOPY hello.txt /x\n');
  await symlink('/etc/passwd', join(origin, 'Link'));
  git('add', '.');
  git('commit', '--quiet', '-m', 'Begin');
  commit = git('rev-parse', 'HEAD');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newWorker = (given?: NodeJS.ProcessEnv, wrap = (real: RunCommand): RunCommand => real) => {
  const artifacts = createArtifactStore(`file:${join(folder, 'artifacts')}`, {});
  const mine = given ?? env;
  const runCommand = createRunCommand({ artifacts, env: mine });
  const { workspace } = createWorkspaces({
    dataDir: join(folder, 'data'),
    runCommand: createRunCommand({ artifacts, env: process.env }),
  });
  return createImageActivities({ runCommand: wrap(runCommand), workspace, env: mine });
};

const input = (dockerfile: string, builder: ImageBuilder, imageName = name): StageInput => ({
  workflowId: 'run-image',
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
    image: { name: imageName, dockerfile, builder },
    terraform: null,
    approval: null,
    override: { required: 1, approvers: [], selfApproval: false, timeoutMs: 600_000 },
    policy: { maxDestroys: null, reviewDestroysAbove: 5, protected: [] },
    notify: [],
  },
});

const build = (worker: ReturnType<typeof newWorker>, stage: StageInput) =>
  new MockActivityEnvironment().run<[], Built, () => Promise<Built>>(() => worker.buildImage(stage));

/** A folder with fake programs, first on the PATH. */
const pathWith = async (programs: Record<string, string>): Promise<string> => {
  const bin = await mkdtemp(join(folder, 'bin-'));
  for (const [program, script] of Object.entries(programs))
    await writeFile(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
};

describe('with buildah', () => {
  test('an image is built from the commit, labelled with it, and may be built again', async () => {
    const worker = newWorker();
    const tag = `${name}:${commit.slice(0, 12)}`;
    for (let time = 1; time <= 2; time += 1) {
      const built = await build(worker, input('Dockerfile', 'buildah'));
      expect(built).toMatchObject({ image: tag, detail: tag, log: { key: 'run-image/build_image-1.log' } });
    }
    const { stdout } = await run('buildah', [...storage, 'inspect', '--type', 'image', tag], { env });
    expect(JSON.parse(stdout).OCIv1.config.Labels['org.opencontainers.image.revision']).toBe(commit);
    expect((await build(worker, input('docker/Other', 'buildah'))).image).toBe(tag);
  });

  test('a failed step is reported with its last lines', async () => {
    await expect(build(newWorker(), input('NoFile', 'buildah'))).rejects.toMatchObject({
      type: 'ImageFailed',
      nonRetryable: true,
      message: expect.stringMatching(/^building the image of web: buildah failed with exit code \d+$/),
      details: [
        expect.objectContaining({ tail: expect.arrayContaining([expect.stringContaining('not-there.txt')]) }),
      ],
    });
  });

  test('a base image that cannot be pulled is named, and pulled again after a network error', async () => {
    await expect(build(newWorker(), input('NoBase', 'buildah'))).rejects.toMatchObject({
      type: 'ImageFailed',
      nonRetryable: false,
      message: 'building the image of web: base image 127.0.0.1:9/team/base:1 cannot be pulled',
    });
  });
});

describe('which builder', () => {
  test('auto uses Docker if an engine responds, with the right arguments', async () => {
    const bin = await pathWith({ docker: 'case $1 in info) echo 28.2.2;; *) printf "%s\\n" "$@";; esac' });
    const worker = newWorker({ ...env, PATH: `${bin}:${process.env.PATH}` });
    const built = await build(worker, input('docker/Other', 'auto'));
    const context = join(folder, 'data', 'work', 'run-image', 'image');
    expect(built.tail).toEqual([
      'build',
      '--file',
      join(context, 'docker/Other'),
      '--tag',
      `${name}:${commit.slice(0, 12)}`,
      '--label',
      `org.opencontainers.image.revision=${commit}`,
      '--',
      context,
    ]);
  });

  test('auto uses buildah if Docker has no engine', async () => {
    const bin = await pathWith({
      docker: 'echo; echo cannot connect >&2; exit 1',
      buildah: 'printf "%s\\n" "$@"',
    });
    const worker = newWorker({ ...env, PATH: `${bin}:${process.env.PATH}` });
    expect((await build(worker, input('Dockerfile', 'auto'))).tail).toContain('bud');
  });

  test('auto without a builder says what to install', async () => {
    const bin = await pathWith({ docker: 'exit 1', buildah: 'exit 1' });
    await expect(build(newWorker({ PATH: bin }), input('Dockerfile', 'auto'))).rejects.toMatchObject({
      type: 'ImageFailed',
      nonRetryable: true,
      details: [expect.objectContaining({ hint: expect.stringContaining('apt-get install buildah') })],
    });
  });

  test('a missing builder from the catalog is named', async () => {
    await expect(
      build(newWorker({ PATH: '/nowhere' }), input('Dockerfile', 'buildah')),
    ).rejects.toMatchObject({
      type: 'CommandNotFound',
      details: [expect.objectContaining({ hint: expect.stringContaining('apt-get install buildah') })],
    });
  });

  test('Docker without its engine says so', async () => {
    const bin = await pathWith({
      docker:
        'echo "ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?" >&2; exit 1',
    });
    await expect(
      build(newWorker({ PATH: `${bin}:${process.env.PATH}` }), input('Dockerfile', 'docker')),
    ).rejects.toMatchObject({
      message: 'building the image of web: no Docker engine responds on this worker',
    });
  });

  test('a password in the name of a base image is not repeated', async () => {
    const bin = await pathWith({
      docker:
        'echo "Error: initializing source docker://ada:swordfish@127.0.0.1:9/base:1: connection refused" >&2; exit 1',
    });
    const failing = build(newWorker({ PATH: `${bin}:${process.env.PATH}` }), input('Dockerfile', 'docker'));
    await expect(failing).rejects.toThrow('base image cannot be pulled');
    await expect(failing).rejects.not.toThrow('swordfish');
  });

  test('none builds nothing and runs nothing', async () => {
    const seen: ProcessCommand[] = [];
    const worker = newWorker(env, (real) => (command, key) => {
      seen.push(command);
      return real(command, key);
    });
    expect(await build(worker, input('Dockerfile', 'none'))).toEqual({
      detail: 'no image',
      tail: [],
      log: null,
      image: null,
    });
    expect(seen).toEqual([]);
  });
});

describe('before anything is built, the activity refuses', () => {
  test.each(['../../../etc/passwd', '/etc/passwd', 'Link', 'docker', 'nowhere/Dockerfile', '--iidfile=x'])(
    'the Dockerfile %s',
    async (dockerfile) => {
      const never = newWorker(env, () => () => Promise.reject(new Error('nothing may be run')));
      await expect(build(never, input(dockerfile, 'buildah'))).rejects.toMatchObject({
        type: 'ImageFailed',
        nonRetryable: true,
      });
    },
  );

  test.each(['web:latest', '--privileged', 'Web', 'a b', 'x'.repeat(300), '', '../x'])(
    'the name %j',
    async (bad) => {
      const never = newWorker(env, () => () => Promise.reject(new Error('nothing may be run')));
      await expect(build(never, input('Dockerfile', 'buildah', bad))).rejects.toMatchObject({
        type: 'ImageFailed',
      });
    },
  );
});
