import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBuildProgress } from './go-install.mjs';
import { plans } from './main.mjs';
import { getNodeProblem } from './node-version.mjs';
import { getInstallCommand } from './system-packages.mjs';
import { createStallCheck } from './temporal.mjs';

const mainFile = fileURLToPath(new URL('./main.mjs', import.meta.url));
const systemPath = '/usr/bin:/bin';
let root = '';
let bin = '';

const writeProgram = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
};

/** Writes a program that comes first on PATH. */
const fake = (name: string, text: string) => writeProgram(join(bin, name), text);

const nodeScript = 'echo v24.0.0';
const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version } } });

/** Replaces npm: counts its calls, and installs what the lock file says. */
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

const run = (command: string, env: Record<string, string> = {}, path = `${bin}${delimiter}${systemPath}`) =>
  execa(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `globalThis.fetch = () => Promise.reject(new Error('offline'));
       import { prepare } from ${JSON.stringify(pathToFileURL(mainFile).href)};
       await prepare(${JSON.stringify(command)}, process.env, ${JSON.stringify(root)});`,
    ],
    {
      reject: false,
      all: true,
      extendEnv: false,
      env: { PATH: path, CALLS: join(root, 'calls'), DURING: 'true', ...env },
    },
  );

const isRunning = (pid: number): boolean => {
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

/** What a shell script needs, for tests in which the programs of the system are not on PATH. */
const fakeShell = async (): Promise<void> => {
  for (const name of ['sh', 'rm', 'mkdir', 'cp', 'chmod', 'cat', 'sleep'])
    await fake(name, `exec /bin/${name} "$@"`);
};

/** Every program that `start` needs, so that a test can remove one. */
const fakePrograms = async (): Promise<void> => {
  for (const name of ['git', 'terraform', 'temporal']) await fake(name, 'true');
};

describe('the plan', () => {
  test.each([
    ['check', ['packages']],
    ['start', ['git', 'terraform', 'packages', 'Temporal CLI']],
    ['scenario', ['terraform', 'packages', 'Temporal CLI']],
    ['bench', ['git', 'terraform', 'packages', 'Temporal CLI']],
    ['test', ['git', 'terraform', 'system packages', 'packages', 'Temporal CLI', 'Open Policy Agent']],
  ] as const)('of npm run %s prepares only what the command needs', (command, names) => {
    const { programs, downloads } = plans[command];
    expect([...programs, ...downloads].map(({ name }) => name)).toEqual(names);
  });

  test('checks the programs before it installs packages', async () => {
    await fakePrograms();
    await rm(join(bin, 'terraform'));
    await fakeShell();
    const { all, exitCode } = await run('scenario', {}, bin);
    expect(exitCode).toBe(1);
    expect(all).toContain('Neither terraform nor tofu is on PATH');
    expect(await calls()).toBe(0);
  });

  test('installs packages and builds the Temporal CLI at the same time', async () => {
    await fakePrograms();
    await rm(join(bin, 'temporal'));
    // Each of the two waits until the other has started.
    await fake('meet', 'touch "$CALLS.$1"; until [ -e "$CALLS.$2" ]; do sleep 0.05; done');
    await fake('go', 'meet go npm; printf "#!/bin/sh\\ntrue\\n" > "$GOBIN/temporal"');
    const { exitCode, all } = await run('start', { DURING: 'meet npm go' });
    expect(all).toContain('packages: done');
    expect(exitCode).toBe(0);
  });

  test('names Homebrew on macOS, and apt-get elsewhere', () => {
    expect(getInstallCommand(['chromium', 'postgresql@17'], 'darwin')).toBe(
      'brew install chromium postgresql@17 && brew link --force postgresql@17',
    );
    expect(getInstallCommand(['chromium'], 'linux', false)).toBe(
      'sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium',
    );
  });
});

describe('npm packages', () => {
  test('are installed once; the second run prints and does nothing', async () => {
    const first = await run('check');
    expect(first.all).toContain('packages: done');
    expect(first.exitCode).toBe(0);
    const second = await run('check');
    expect(second.all).toBe('');
    expect(await calls()).toBe(1);
  });

  test('are installed again when their Node.js has another version than the project requires', async () => {
    await run('check');
    await writeProgram(join(root, 'node_modules', '.bin', 'node'), 'echo v20.20.2');
    expect(await run('check')).toMatchObject({ exitCode: 0 });
    expect(await calls()).toBe(2);
  });

  test('are installed again when the lock file has changed', async () => {
    await run('check');
    await writeFile(join(root, 'package-lock.json'), lock('2.0.0'));
    await run('check');
    expect(await calls()).toBe(2);
  });

  test('are left alone when npm ran by hand and installed what the lock file says', async () => {
    await run('check');
    await writeFile(join(root, 'package-lock.json'), lock('2.0.0'));
    await writeFile(join(root, 'node_modules', '.package-lock.json'), lock('2.0.0'));
    await run('check');
    expect(await calls()).toBe(1);
  });

  test('are installed again after an install was killed, and its npm has exited', async () => {
    const pidFile = join(root, 'npm.pid');
    const first = run('check', { DURING: `eval echo $$ > ${pidFile}; sleep 600` });
    const running = async () => Number(await readFile(pidFile, 'utf8').catch(() => '0'));
    await expect.poll(running, { timeout: 20_000 }).toBeGreaterThan(0);
    const npm = await running();
    first.kill('SIGKILL');
    await first;
    await expect.poll(() => isRunning(npm), { timeout: 20_000 }).toBe(false);
    const second = await run('check');
    expect(second.exitCode).toBe(0);
    expect(second.all).toContain('packages: done');
    expect(await calls()).toBe(2);
  });

  test('are installed once when two commands prepare at the same time', async () => {
    const both = await Promise.all([
      run('check', { DURING: 'sleep 1' }),
      run('check', { DURING: 'sleep 1' }),
    ]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await calls()).toBe(1);
  });

  test('without their Node.js (ignore-scripts) are refused with the command to run', async () => {
    await fake('npm', `${npmScript}; rm node_modules/.bin/node`);
    const { all, exitCode } = await run('check');
    expect(exitCode).toBe(1);
    expect(all).toContain('node_modules/.bin/node must be Node.js v24.0.0 and is none');
    expect(all).toMatch(/Fix: {2}npm rebuild node --ignore-scripts=false\s*$/);
  });

  test('that npm cannot install are reported with its last output and the command to run', async () => {
    await fake('npm', 'echo "the registry is away" >&2; exit 7');
    const { all, exitCode } = await run('check');
    expect(exitCode).toBe(1);
    expect(all).toContain('npm ci failed (exit code 7');
    expect(all).toContain('the registry is away');
    expect(all).toMatch(/Fix: {2}npm ci\s*$/);
  });
});

describe('programs', () => {
  test.each([
    ['git', 'git is not on PATH', /apt-get install -y git|brew install git/],
    ['terraform', 'Neither terraform nor tofu is on PATH', /install-opentofu[.]sh|brew install opentofu/],
  ])('%s is reported when it is missing, with the command that installs it', async (name, sentence, fix) => {
    await fakePrograms();
    await fake('npm', npmScript);
    await rm(join(bin, name));
    await fakeShell();
    const { all, exitCode } = await run('start', {}, bin);
    expect(exitCode).toBe(1);
    expect(all).toContain(sentence);
    expect(all).toMatch(fix);
  });

  test.each([
    [
      'TERRAFORM_BIN',
      '/nowhere/terraform',
      'TERRAFORM_BIN is /nowhere/terraform, which is not an executable file',
    ],
    [
      'TEMPORAL_CLI',
      '/nowhere/temporal',
      'TEMPORAL_CLI is /nowhere/temporal, which is not an executable file',
    ],
  ])('%s is reported when it names no executable file', async (name, value, sentence) => {
    await fakePrograms();
    const { all, exitCode } = await run('start', { [name]: value });
    expect(exitCode).toBe(1);
    expect(all).toContain(sentence);
    expect(all).toContain('Fix:');
  });

  test('that only the tests need are listed with the command that installs them', async () => {
    await fakePrograms();
    await fakeShell();
    const { all, exitCode } = await run('test', {}, bin);
    expect(exitCode).toBe(1);
    expect(all).toMatch(/chromium, buildah/);
    expect(all).toMatch(/apt-get install -y --no-install-recommends chromium buildah/);
  });
});

describe('the Temporal CLI', () => {
  const withoutTemporal = async () => {
    await fakePrograms();
    await rm(join(bin, 'temporal'));
  };

  test('is built when it cannot be downloaded, and cached', async () => {
    await withoutTemporal();
    await fake('go', 'echo building; printf "#!/bin/sh\\ntrue\\n" > "$GOBIN/temporal"');
    const { all, exitCode } = await run('start');
    expect(all).toMatch(/go install github[.]com\/temporalio\/cli\/cmd\/temporal@v/);
    expect(exitCode).toBe(0);
    const kept = join(root, '.quarterdeck', 'tools', 'temporal');
    expect((await execa(kept)).exitCode).toBe(0);
    expect((await run('start')).all).toBe('');
  });

  test('is reported when it can be neither downloaded nor built, and no partial file is kept', async () => {
    await withoutTemporal();
    await fake('go', 'echo "no such module" >&2; printf half > "$GOBIN/temporal"; exit 1');
    const { all, exitCode } = await run('start');
    expect(exitCode).toBe(1);
    expect(all).toContain('no such module');
    expect(all).toContain('could be neither downloaded nor built');
    expect(all).toMatch(/Fix: {2}\S/);
    await expect(readFile(join(root, '.quarterdeck', 'tools', 'temporal'))).rejects.toThrow('ENOENT');
  });

  test('is not needed to start with a Temporal server that runs elsewhere', async () => {
    await withoutTemporal();
    const { exitCode } = await run('start', { TEMPORAL_ADDRESS: 'temporal.example.com:7233' });
    expect(exitCode).toBe(0);
    await writeFile(join(root, '.env'), 'TEMPORAL_ADDRESS="temporal.example.com:7233"\n');
    expect((await run('start')).exitCode).toBe(0);
  });

  test('shows how far its build is', () => {
    const getProgress = createBuildProgress(1300);
    expect(getProgress('go: downloading go.temporal.io/server v1.29.0')).toBe('1 modules downloaded');
    expect(getProgress('internal/goarch')).toBe('1 of at most 1300 packages compiled');
  });

  test('stops downloading when no more data arrives', async () => {
    const stalled = createStallCheck(root, 50);
    expect(stalled()).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 80));
    await writeFile(join(root, 'arrives'), 'some');
    expect(stalled()).toBe(false);
    await expect.poll(stalled).toBe(true);
  });
});

describe('Node.js', () => {
  test('is refused when it is too old, with the command that installs a newer one', () => {
    expect(getNodeProblem('18.20.1')).toMatch(/18[.]20[.]1 is too old[\s\S]*Fix:/);
    expect(getNodeProblem('20.0.0')).toBeNull();
    expect(getNodeProblem('24.21.0')).toBeNull();
  });
});
