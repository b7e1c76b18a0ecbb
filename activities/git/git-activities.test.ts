import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeployActivities, StageInput } from '../../workflows/contract/activities.ts';
import type { ServiceTarget } from '../../workflows/contract/target.ts';
import { createArtifactStore } from '../artifacts/create-artifact-store.ts';
import { createRunCommand } from '../process/run-command.ts';
import { createGitActivities } from './git-activities.ts';
import type { Workspaces } from './port.ts';
import { createWorkspaces } from './workspaces.ts';

const run = promisify(execFile);

let folder: string;
let origin: string;
let first: string;
let second: string;
let worker: ReturnType<typeof newWorker>;

const identity = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

const git = async (cwd: string, ...args: string[]): Promise<string> => {
  const { stdout } = await run('git', args, { cwd, env: { ...process.env, ...identity } });
  return stdout.trim();
};

const commitFile = async (cwd: string, name: string, content: string, subject: string): Promise<string> => {
  await writeFile(join(cwd, name), content);
  await git(cwd, 'add', '.');
  await git(cwd, 'commit', '--quiet', '-m', subject);
  return git(cwd, 'rev-parse', 'HEAD');
};

const newWorker = (name: string, env: NodeJS.ProcessEnv = process.env) => {
  const dataDir = join(folder, name);
  const artifacts = createArtifactStore(`file:${join(folder, 'artifacts')}`, {});
  const runCommand = createRunCommand({ artifacts, env });
  const workspaces: Workspaces = createWorkspaces({ dataDir, runCommand });
  return { dataDir, workspaces, ...createGitActivities({ dataDir, runCommand, workspaces }) };
};

const target = (rest: Partial<ServiceTarget> = {}): ServiceTarget => ({
  kind: 'service',
  name: 'web',
  environment: 'production',
  repo: origin,
  branch: 'main',
  install: 'npm ci',
  test: 'npm test',
  image: { name: 'web', dockerfile: 'Dockerfile', builder: 'auto' },
  terraform: { directory: 'terraform', backend: {}, variables: {} },
  approval: null,
  override: { required: 1, approvers: [], selfApproval: false, timeoutMs: 600_000 },
  policy: { maxDestroys: null, reviewDestroysAbove: 5, protected: [] },
  notify: [],
  ...rest,
});

const input = (
  commit: string,
  workflowId = 'total-build-1',
  rest: Partial<ServiceTarget> = {},
): StageInput => ({
  workflowId,
  attempt: 1,
  target: target(rest),
  revision: commit,
});

const inActivity = <T>(work: () => Promise<T>): Promise<T> =>
  new MockActivityEnvironment().run<[], T, () => Promise<T>>(work);

const check = (
  ref: string | null,
  rest: Partial<ServiceTarget> = {},
  on: Pick<DeployActivities, 'checkForChanges'> = worker,
) => inActivity(() => on.checkForChanges({ target: target(rest), ref, lastApplied: null }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-git-'));
  origin = join(folder, 'origin');
  await mkdir(origin);
  await git(origin, 'init', '--quiet', '-b', 'main');
  first = await commitFile(origin, 'a.txt', 'one', 'Begin');
  await git(origin, 'tag', '-m', 'first', 'v1.0');
  await git(origin, 'branch', 'feature/login');
  second = await commitFile(origin, 'a.txt', 'two', 'Go on *with* <!channel>');
  worker = newWorker('worker');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('resolving a ref', () => {
  test('the branch of the service resolves to a commit with subject and author', async () => {
    const { commit, changed } = await check(null);
    expect(commit).toEqual({ sha: second, subject: 'Go on *with* <!channel>', author: 'Ada' });
    expect(changed).toBe(true);
  });

  test('a branch with a slash, an annotated tag, a short and a full commit resolve', async () => {
    for (const ref of ['feature/login', 'v1.0', first.slice(0, 8), first, first.toUpperCase()])
      expect((await check(ref)).commit.sha).toBe(first);
  });

  test('nothing changed when the same commit was applied last', async () => {
    const lastApplied = {
      workflowId: 'x',
      revision: second,
      digest: 'd',
      at: 0,
      requestedBy: { id: 'a', name: 'A' },
      approvedBy: [],
    };
    const asked = (ref: string | null) =>
      inActivity(() => worker.checkForChanges({ target: target(), ref, lastApplied }));
    expect((await asked(null)).changed).toBe(false);
    expect((await asked('v1.0')).changed).toBe(true);
  });

  test('a new push, a deleted branch and a moved tag are noticed', async () => {
    const moving = join(folder, 'moving');
    await cp(origin, moving, { recursive: true });
    expect((await check('feature/login', { repo: moving })).commit.sha).toBe(first);
    await git(moving, 'branch', '-D', 'feature/login');
    await git(moving, 'branch', 'feature');
    await git(moving, 'tag', '--force', '-m', 'moved', 'v1.0', second);
    const third = await commitFile(moving, 'a.txt', 'three', 'More');
    expect((await check(null, { repo: moving })).commit.sha).toBe(third);
    expect((await check('v1.0', { repo: moving })).commit.sha).toBe(second);
    await expect(check('feature/login', { repo: moving })).rejects.toMatchObject({ type: 'NoSuchRef' });
  });

  test('a branch wins over a tag and a commit of the same name', async () => {
    const twin = join(folder, 'twin');
    await cp(origin, twin, { recursive: true });
    await git(twin, 'branch', 'v1.0');
    await git(twin, 'branch', first.slice(0, 7));
    expect((await check('v1.0', { repo: twin })).commit.sha).toBe(second);
    expect((await check(first.slice(0, 7), { repo: twin })).commit.sha).toBe(second);
  });

  test('a full commit is that commit, even if a branch or a tag has its name', async () => {
    const named = join(folder, 'named');
    await cp(origin, named, { recursive: true });
    await git(named, 'update-ref', `refs/heads/${first}`, second);
    await git(named, 'update-ref', `refs/tags/${first}`, second);
    const onTwo = newWorker('named-worker');
    for (const ref of [first, first.toUpperCase()])
      expect((await check(ref, { repo: named }, onTwo)).commit.sha).toBe(first);
    const missing = '0123456789'.repeat(4);
    await git(named, 'update-ref', `refs/heads/${missing}`, second);
    await expect(check(missing, { repo: named }, onTwo)).rejects.toMatchObject({ type: 'NoSuchRef' });
  });

  test('a ref that does not exist is refused with the closest names', async () => {
    await expect(check('feature/logn')).rejects.toMatchObject({
      type: 'NoSuchRef',
      nonRetryable: true,
      message: 'resolving the ref of web: no branch, tag or commit "feature/logn"',
      details: [expect.objectContaining({ hint: 'Did you mean `feature/login`?' })],
    });
    await expect(check('0123456789')).rejects.toMatchObject({ type: 'NoSuchRef' });
  });

  test.each([
    '--upload-pack=x',
    '-b',
    '../../etc/passwd',
    'main; rm -rf /',
    '$(id)',
    'main^{/x}',
    'main@{1}',
    'HEAD~1',
    'a b',
    'main\nx',
    '',
    'x'.repeat(10_000),
    ':/Begin',
    '/etc/passwd',
  ])('%j is refused before git sees it', async (ref) => {
    const blind = newWorker('blind', { PATH: '/nowhere' });
    await expect(check(ref, {}, blind)).rejects.toMatchObject({ type: 'NoSuchRef', nonRetryable: true });
  });

  test('a commit that no branch contains any more is found by its name', async () => {
    const rewritten = join(folder, 'rewritten');
    await cp(origin, rewritten, { recursive: true });
    await git(rewritten, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const lost = await commitFile(rewritten, 'a.txt', 'lost', 'Lost');
    await git(rewritten, 'reset', '--hard', '--quiet', 'HEAD~1');
    expect((await check(lost, { repo: rewritten })).commit.sha).toBe(lost);
  });
});

describe('a repository that cannot be read', () => {
  test('because it does not exist is not retried', async () => {
    for (const repo of [join(folder, 'nowhere'), `file://${folder}/nowhere.git`])
      await expect(check(null, { repo })).rejects.toMatchObject({
        type: 'RepositoryUnavailable',
        nonRetryable: true,
        message: 'cloning the repository of web: repository not found',
      });
  });

  test('because of the network is retried', async () => {
    for (const repo of ['https://127.0.0.1:9/x.git', 'ssh://git@127.0.0.1:9/x.git'])
      await expect(check(null, { repo })).rejects.toMatchObject({
        type: 'RepositoryUnavailable',
        nonRetryable: false,
        message: 'cloning the repository of web: the repository cannot be reached',
      });
  });

  test('that was removed after it was cloned is reported as well', async () => {
    const gone = join(folder, 'gone');
    await cp(origin, gone, { recursive: true });
    await check(null, { repo: gone });
    await rm(gone, { recursive: true });
    await expect(check(null, { repo: gone })).rejects.toMatchObject({
      type: 'RepositoryUnavailable',
      message: 'fetching the repository of web: repository not found',
    });
  });

  test.each([
    ['https://me:secret-word@example.com/x.git', 'contains a password'],
    ['ext::sh -c "id >&2"', 'unsupported repository URL'],
    ['--upload-pack=x', 'unsupported repository URL'],
    ['http://example.com/x.git', 'unsupported repository URL'],
    ['relative/path', 'unsupported repository URL'],
  ])('%s is refused, and its password is not repeated', async (repo, why) => {
    const failing = check(null, { repo });
    await expect(failing).rejects.toMatchObject({ type: 'RepositoryUnavailable', nonRetryable: true });
    await expect(failing).rejects.toThrow(why);
    await expect(failing).rejects.not.toThrow('secret-word');
  });
});

describe('a repository behind a password', () => {
  test('needs the password, and takes it from a credential helper', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    ]);
    await git(folder, 'clone', '--quiet', '--bare', origin, 'served.git');
    await git(join(folder, 'served.git'), 'update-server-info');
    const wanted = `Basic ${Buffer.from('me:my-password').toString('base64')}`;
    const server = createServer(
      { key: await readFile(key), cert: await readFile(cert) },
      (request, response) => {
        if (request.headers.authorization !== wanted)
          return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        const path = new URL(request.url ?? '', 'https://x').pathname;
        readFile(join(folder, 'served.git', path)).then(
          (content) => response.end(content),
          () => response.writeHead(404).end(),
        );
      },
    );
    await new Promise<void>((resolve) => server.listen(0, () => resolve()));
    try {
      const address = server.address();
      const repo = `https://localhost:${typeof address === 'object' ? address?.port : 0}/`;
      const env = { PATH: process.env.PATH, GIT_SSL_CAINFO: cert, HOME: folder };
      const stranger = newWorker('stranger', env);
      await expect(check(null, { repo }, stranger)).rejects.toMatchObject({
        type: 'RepositoryUnavailable',
        nonRetryable: true,
        message: 'cloning the repository of web: authentication failed',
      });
      const helper = '!f() { echo username=me; echo password=my-password; }; f';
      const friend = newWorker('friend', {
        ...env,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'credential.helper',
        GIT_CONFIG_VALUE_0: helper,
      });
      expect((await check(null, { repo }, friend)).commit.sha).toBe(second);
    } finally {
      server.close();
    }
  });
});

describe('working trees', () => {
  test('are created for every stage that needs one, and for no other', async () => {
    const result = await inActivity(() => worker.refreshRepo(input(first, 'run-trees')));
    expect(result.detail).toBe(`${first.slice(0, 12)} checked out`);
    for (const purpose of ['source', 'image', 'terraform'])
      expect(await readFile(join(worker.dataDir, 'work', 'run-trees', purpose, 'a.txt'), 'utf8')).toBe('one');
    await inActivity(() => worker.refreshRepo(input(first, 'run-few', { image: null, terraform: null })));
    expect(existsSync(join(worker.dataDir, 'work', 'run-few', 'image'))).toBe(false);
  });

  test('on a worker without the repository, the commit is cloned and the log is stored', async () => {
    const other = newWorker('other');
    const result = await inActivity(() => other.refreshRepo(input(first, 'run-other')));
    expect(result.detail).toContain('cloned');
    expect(result.log?.key).toBe('run-other/refresh_repo-1.log');
    const path = await newWorker('third').workspaces.workspace(input(second, 'run-third'), 'terraform');
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('two');
  });

  test('keep what a stage left in them, and are created again when missing or at another commit', async () => {
    const { workspace } = worker.workspaces;
    const path = await workspace(input(first, 'run-again'), 'source');
    await writeFile(join(path, 'left.txt'), 'x');
    await workspace(input(first, 'run-again'), 'source');
    expect(existsSync(join(path, 'left.txt'))).toBe(true);
    await workspace(input(second, 'run-again'), 'source');
    expect(existsSync(join(path, 'left.txt'))).toBe(false);
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('two');
    await git(path, 'checkout', '--quiet', first);
    await workspace(input(second, 'run-again'), 'source');
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('two');
    await rm(path, { recursive: true });
    await workspace(input(second, 'run-again'), 'source');
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('two');
  });

  test('are independent: a tag, a setting and a hook of one affect no other and not the mirror', async () => {
    const { workspace } = worker.workspaces;
    const path = await workspace(input(first, 'run-bad'), 'source');
    await git(path, 'tag', 'evil');
    await git(path, 'config', 'core.sshCommand', 'touch /tmp/never');
    await expect(check('evil')).rejects.toMatchObject({ type: 'NoSuchRef' });
    expect(await git(await workspace(input(first, 'run-good'), 'source'), 'tag')).toBe('v1.0');
    expect(await git(path, 'remote', 'get-url', 'origin')).toBe(origin);
  });

  test('of any workflow id stay inside the data directory', async () => {
    for (const id of ['../../outside', 'a/b c', '..', 'ü'.repeat(400)]) {
      const path = await worker.workspaces.workspace(input(first, id), 'source');
      expect(path.startsWith(`${join(worker.dataDir, 'work')}/`)).toBe(true);
      expect(path.split('/').length).toBe(worker.dataDir.split('/').length + 3);
    }
  });

  test('are deleted with their run, or when unused for a long time', async () => {
    const sweeper = newWorker('sweeper');
    const path = await sweeper.workspaces.workspace(input(first, 'run-old'), 'source');
    expect(await sweeper.workspaces.sweep()).toBe(0);
    expect(await sweeper.workspaces.sweep(0)).toBe(1);
    expect(existsSync(path)).toBe(false);
    await sweeper.workspaces.workspace(input(first, 'run-old'), 'source');
    await sweeper.workspaces.remove('run-old');
    expect(existsSync(path)).toBe(false);
  });

  test('a commit that no longer exists is refused with a reason', async () => {
    const unknown = '1234567890'.repeat(4);
    await expect(worker.workspaces.workspace(input(unknown, 'run-x'), 'source')).rejects.toMatchObject({
      type: 'NoSuchRef',
      message: 'checking out web: the repository no longer has commit 123456789012',
    });
  });
});

describe('the mirror', () => {
  test('is cloned once, even if several processes need it at the same time', async () => {
    const [one, two] = [newWorker('shared'), newWorker('shared')];
    const asked = Array.from({ length: 8 }, (_, n) => check(n % 2 ? 'v1.0' : null, {}, n % 3 ? one : two));
    const found = await Promise.all(asked);
    expect(found.map(({ commit }) => commit.sha)).toEqual(found.map((_, n) => (n % 2 ? first : second)));
  });

  test('is released when the process that held it has died', async () => {
    const survivor = newWorker('survivor');
    await check(null, {}, survivor);
    const { stdout } = await run('sh', ['-c', 'ls -d "$1"/repos/*.git', 'sh', survivor.dataDir]);
    const dead = await run('sh', ['-c', 'echo $$']);
    const { stdout: host } = await run('hostname');
    await writeFile(`${stdout.trim()}.lock`, `${host.trim()} ${dead.stdout.trim()} some-id`);
    expect((await check(null, {}, survivor)).commit.sha).toBe(second);
  });

  test('is cloned again when a crash left it incomplete', async () => {
    const crashed = newWorker('crashed');
    await check(null, {}, crashed);
    const mirror = (await run('sh', ['-c', 'ls -d "$1"/repos/*.git', 'sh', crashed.dataDir])).stdout.trim();
    await writeFile(join(mirror, 'packed-refs.lock'), '');
    await git(origin, 'branch', '--force', 'short-lived');
    await check(null, {}, crashed);
    await git(origin, 'branch', '-D', 'short-lived');
    expect((await check(null, {}, crashed)).commit.sha).toBe(second);
    await run('sh', ['-c', 'chmod u+w objects/*/* && for f in objects/*/*; do : > $f; done', 'sh'], {
      cwd: mirror,
    });
    await git(origin, 'branch', '--force', 'feature/more', second);
    await truncate(join(mirror, 'HEAD'), 0);
    expect((await check(null, {}, crashed)).commit.sha).toBe(second);
  });
});

test('a folder that cannot be written causes a failure that is retried', async () => {
  const blocked = newWorker('blocked');
  await check(null, {}, blocked);
  await mkdir(join(blocked.dataDir, 'work'), { recursive: true });
  await writeFile(join(blocked.dataDir, 'work', 'run-blocked'), 'a file where a folder should be');
  await chmod(join(blocked.dataDir, 'work', 'run-blocked'), 0o400);
  await expect(blocked.workspaces.workspace(input(first, 'run-blocked'), 'source')).rejects.toMatchObject({
    type: 'StorageFailed',
    nonRetryable: false,
  });
});
