import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeProblem } from './node-version.mjs';
import { noProgress } from './temporal.mjs';

const mainFile = fileURLToPath(new URL('./main.mjs', import.meta.url));
const systemPath = '/usr/bin:/bin';
let root = '';
let bin = '';

const writeProgram = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
};

/** A program of the test's own on PATH, in front of the system's. */
const fake = (name: string, text: string) => writeProgram(join(bin, name), text);

const nodeScript = 'echo v24.0.0';
const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } });

/** Stands for npm: counts its calls, and installs what the lock file says. */
const npmScript = `
echo call >> "${'$'}CALLS"
rm -rf node_modules; mkdir -p node_modules/.bin
${'$'}DURING
printf '#!/bin/sh\\n${nodeScript}\\n' > node_modules/.bin/node; chmod +x node_modules/.bin/node
cp package-lock.json node_modules/.package-lock.json`;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'quarterdeck-prepare-')));
  bin = join(root, 'bin');
  await mkdir(bin);
  await writeFile(join(root, 'package.json'), JSON.stringify({ dependencies: { node: '24.0.0' } }));
  await writeFile(join(root, 'package-lock.json'), lock('1.0.0'));
  await fake('npm', npmScript);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const start = (word: string, env: Record<string, string> = {}, path = `${bin}${delimiter}${systemPath}`) =>
  execa(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { prepare } from ${JSON.stringify(pathToFileURL(mainFile).href)};
       await prepare(${JSON.stringify(word)}, process.env, ${JSON.stringify(root)});`,
    ],
    {
      reject: false,
      all: true,
      extendEnv: false,
      env: { PATH: path, CALLS: join(root, 'calls'), DURING: 'true', ...env },
    },
  );

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const calls = async (): Promise<number> => {
  const text = await readFile(join(root, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).length;
};

/** What a shell script cannot do without, for tests in which the system's programs are out of reach. */
const fakeShell = async (): Promise<void> => {
  for (const name of ['sh', 'rm', 'mkdir', 'cp', 'chmod', 'cat', 'sleep'])
    await fake(name, `exec /bin/${name} "$@"`);
};

/** Everything that `start` looks for, so that a test can take one thing away. */
const fakeAll = async (): Promise<void> => {
  for (const name of ['git', 'terraform', 'temporal']) await fake(name, 'true');
};

describe('packages', () => {
  test('are installed once, and then nothing is said or done', async () => {
    const first = await start('check');
    expect(first.all).toContain('packages: done');
    expect(first.exitCode).toBe(0);
    const second = await start('check');
    expect(second.all).toBe('');
    expect(await calls()).toBe(1);
  });

  test('are installed again when their Node is not the one that the project wants', async () => {
    await start('check');
    await writeProgram(join(root, 'node_modules', '.bin', 'node'), 'echo v20.20.2');
    expect(await start('check')).toMatchObject({ exitCode: 0 });
    expect(await calls()).toBe(2);
  });

  test('are installed again when the lock file has changed', async () => {
    await start('check');
    await writeFile(join(root, 'package-lock.json'), lock('2.0.0'));
    await start('check');
    expect(await calls()).toBe(2);
  });

  test('that somebody installed by hand, and as the lock file says, are left alone', async () => {
    await start('check');
    await writeFile(join(root, 'package-lock.json'), lock('2.0.0'));
    await writeFile(join(root, 'node_modules', '.package-lock.json'), lock('2.0.0'));
    await start('check');
    expect(await calls()).toBe(1);
  });

  test('are installed anew after an install that was ended hard, and npm did not outlive it', async () => {
    const pidFile = join(root, 'npm.pid');
    const first = start('check', { DURING: `eval echo $$ > ${pidFile}; sleep 600` });
    const running = async () => Number(await readFile(pidFile, 'utf8').catch(() => '0'));
    await expect.poll(running, { timeout: 20_000 }).toBeGreaterThan(0);
    const npm = await running();
    first.kill('SIGKILL');
    await first;
    await expect.poll(() => lives(npm), { timeout: 20_000 }).toBe(false);
    const second = await start('check');
    expect(second.exitCode).toBe(0);
    expect(second.all).toContain('packages: done');
    expect(await calls()).toBe(2);
  });

  test('are installed once when two ask at the same time', async () => {
    const both = await Promise.all([
      start('check', { DURING: 'sleep 1' }),
      start('check', { DURING: 'sleep 1' }),
    ]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await calls()).toBe(1);
  });

  test('without the Node that npm was told not to bring are refused, with the command', async () => {
    await fake('npm', `${npmScript}; rm node_modules/.bin/node`);
    const { all, exitCode } = await start('check');
    expect(exitCode).toBe(1);
    expect(all).toContain('node_modules/.bin/node should be Node.js v24.0.0 and is none');
    expect(all).toMatch(/To mend it: {2}npm rebuild node --ignore-scripts=false\s*$/);
  });

  test('that npm cannot install are told of with its last words and the command', async () => {
    await fake('npm', 'echo "the registry is away" >&2; exit 7');
    const { all, exitCode } = await start('check');
    expect(exitCode).toBe(1);
    expect(all).toContain('npm ci failed (exit code 7');
    expect(all).toContain('the registry is away');
    expect(all).toMatch(/To mend it: {2}npm ci\s*$/);
  });
});

describe('programs', () => {
  test.each([
    ['git', 'git is not on PATH', /apt-get install -y git|brew install git/],
    ['terraform', 'neither terraform nor tofu is on PATH', /install-opentofu[.]sh|brew install opentofu/],
  ])('%s missing is told of, with the command that installs it', async (name, sentence, mend) => {
    await fakeAll();
    await fake('npm', npmScript);
    await rm(join(bin, name));
    await fakeShell();
    const { all, exitCode } = await start('start', {}, bin);
    expect(exitCode).toBe(1);
    expect(all).toContain(sentence);
    expect(all).toMatch(mend);
  });

  test.each([
    ['TERRAFORM_BIN', '/nowhere/terraform', 'TERRAFORM_BIN is /nowhere/terraform, which is not a program'],
    ['TEMPORAL_CLI', '/nowhere/temporal', 'TEMPORAL_CLI is /nowhere/temporal, which is not a program'],
  ])('%s that names nothing is told of', async (name, value, sentence) => {
    await fakeAll();
    const { all, exitCode } = await start('start', { [name]: value });
    expect(exitCode).toBe(1);
    expect(all).toContain(sentence);
    expect(all).toContain('To mend it:');
  });

  test('packages that the tests need are named with the command', async () => {
    await fakeAll();
    await fakeShell();
    const { all, exitCode } = await start('test', {}, bin);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/chromium, buildah/);
    expect(all).toMatch(/apt-get install -y --no-install-recommends chromium buildah/);
  });
});

describe('the Temporal CLI', () => {
  const withoutTemporal = async () => {
    await fakeAll();
    await rm(join(bin, 'temporal'));
  };

  test('is built when it cannot be downloaded, and kept', async () => {
    await withoutTemporal();
    await fake('go', 'echo building; printf "#!/bin/sh\\ntrue\\n" > "$GOBIN/temporal"');
    const { all, exitCode } = await start('start');
    expect(all).toContain('Temporal CLI: failed');
    expect(all).toMatch(/go install github[.]com\/temporalio\/cli\/cmd\/temporal@v/);
    expect(exitCode).toBe(0);
    const kept = join(root, '.quarterdeck', 'tools', 'temporal');
    expect((await execa(kept)).exitCode).toBe(0);
    expect((await start('start')).all).toBe('');
  });

  test('that can neither be downloaded nor built is told of, and nothing half is kept', async () => {
    await withoutTemporal();
    await fake('go', 'echo "no such module" >&2; printf half > "$GOBIN/temporal"; exit 1');
    const { all, exitCode } = await start('start');
    expect(exitCode).toBe(1);
    expect(all).toContain('no such module');
    expect(all).toContain('could neither be downloaded nor built');
    expect(all).toMatch(/To mend it: {2}\S/);
    await expect(readFile(join(root, '.quarterdeck', 'tools', 'temporal'))).rejects.toThrow('ENOENT');
  });

  test('is not needed to start with a server that runs elsewhere', async () => {
    await withoutTemporal();
    const { exitCode } = await start('start', { TEMPORAL_ADDRESS: 'temporal.example.com:7233' });
    expect(exitCode).toBe(0);
    await writeFile(join(root, '.env'), 'TEMPORAL_ADDRESS="temporal.example.com:7233"\n');
    expect((await start('start')).exitCode).toBe(0);
  });

  test('is given up to download when nothing arrives any more', async () => {
    const stalled = noProgress(root, 50);
    expect(stalled()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 80));
    await writeFile(join(root, 'arrives'), 'some');
    expect(stalled()).toBe(false);
    await expect.poll(stalled).toBe(true);
  });
});

describe('Node', () => {
  test('that is too old is told so, with what to do', () => {
    expect(nodeProblem('18.20.1')).toMatch(/18[.]20[.]1 is too old[\s\S]*To mend it:/);
    expect(nodeProblem('20.0.0')).toBeNull();
    expect(nodeProblem('24.21.0')).toBeNull();
  });
});
