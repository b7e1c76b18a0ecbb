import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StageProgress } from '../../workflows/contract/activities.ts';
import { createArtifactStore } from '../artifacts/create-artifact-store.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { throwIfInterrupted } from './activity-failure.ts';
import type { CommandResult, ProcessCommand, RunCommand } from './port.ts';
import { createRunCommand } from './run-command.ts';

let folder: string;
let artifacts: ArtifactStore;
let runCommand: RunCommand;
const quick = { interruptMs: 3000, terminateMs: 500, orphanMs: 300 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-process-'));
  artifacts = createArtifactStore(`file:${join(folder, 'artifacts')}`, {});
  const env = { PATH: process.env.PATH, DEPLOY_TOKEN: 'tell-nobody-77', SLACK_BOT_TOKEN: 'xoxb-1234-abcd' };
  runCommand = createRunCommand({ artifacts, env, killGracePeriod: quick });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const line = (file: string, rest: Partial<ProcessCommand> = {}): ProcessCommand => ({
  operation: 'trying a command',
  file,
  args: [],
  shell: true,
  cwd: folder,
  ...rest,
});

const logOf = async ({ log }: CommandResult): Promise<string> => {
  if (!log) throw new Error('the command has no log');
  const parts: Buffer[] = [];
  for await (const part of await artifacts.open(log)) parts.push(part);
  return Buffer.concat(parts).toString();
};

/** Whether a process still does something: one that is dead but not collected does not count. */
const lives = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return stat !== '' && !/\) [ZX] /.test(stat);
};

const pidIn = async (name: string): Promise<number> => {
  const path = join(folder, name);
  await vi.waitFor(async () => expect(await readFile(path, 'utf8')).toMatch(/^\d+\n$/), { timeout: 20_000 });
  return Number(await readFile(path, 'utf8'));
};

describe('a command that ends by itself', () => {
  test('returns its exit code, its last lines and its whole log', async () => {
    const result = await runCommand(line('for i in $(seq 1 30); do echo line $i; done; exit 3'), 'run/a.log');
    expect(result.exitCode).toBe(3);
    expect(result.signalled).toBe(false);
    expect(result.tail).toHaveLength(20);
    expect(result.tail.at(-1)).toBe('line 30');
    expect((await logOf(result)).split('\n')[0]).toBe('line 1');
  });

  test('does not use a shell unless `shell` is true', async () => {
    const result = await runCommand(
      line('echo', { shell: false, args: ['$HOME; rm -rf x', '*'] }),
      'run/b.log',
    );
    expect(result.tail).toEqual(['$HOME; rm -rf x *']);
  });

  test('reads an empty stdin, not the terminal of the worker', async () => {
    const result = await runCommand(line('cat; echo over'), 'run/c.log');
    expect(result.tail).toEqual(['over']);
  });

  test('does not see the secrets of the worker', async () => {
    const result = await runCommand(line('env'), 'run/d.log');
    const seen = await logOf(result);
    expect(seen).not.toMatch(/SLACK_BOT_TOKEN|DEPLOY_TOKEN/);
    expect(seen).toMatch(/^CI=true$/m);
  });

  test('has its secrets redacted in the log and in the tail', async () => {
    const result = await runCommand(
      line(
        'echo a tell-nobody-77 b; echo dGVsbC1ub2JvZHktNzc=; echo extra-value-9; git_url=https://me:pw@host/x; echo $git_url',
        {
          secrets: ['extra-value-9'],
        },
      ),
      'run/e.log',
    );
    expect(result.tail).toEqual(['a *** b', '***', '***', 'https://***@host/x']);
    expect(await logOf(result)).toBe('a *** b\n***\n***\nhttps://***@host/x\n');
  });

  test('has its colours and progress bars removed', async () => {
    const result = await runCommand(
      line(String.raw`printf '\033[31mred\033[0m\n10%%\r55%%\r100%%\n'`),
      'run/f.log',
    );
    expect(result.tail).toEqual(['red', '100%']);
  });

  test('can replace or omit each logged line', async () => {
    const seen: string[] = [];
    const result = await runCommand(
      line('echo keep; echo drop; echo problem >&2', {
        onStdout: (text) => {
          seen.push(text);
          return text === 'drop' ? null : text.toUpperCase();
        },
      }),
      'run/g.log',
    );
    expect(seen).toEqual(['keep', 'drop']);
    expect([...result.tail].sort()).toEqual(['KEEP', 'problem']);
  });

  test('with too much output keeps both ends of its log, and a line says so', async () => {
    const bounded = createRunCommand({
      artifacts,
      env: process.env,
      logLimits: { head: 50_000, tail: 20_000 },
    });
    const result = await bounded(line('yes 0123456789 | head -n 200000; echo last'), 'run/h.log');
    const text = await logOf(result);
    expect(text.length).toBeLessThan(200_000);
    expect(text).toMatch(/\[\d+ bytes omitted\]/);
    expect(text.endsWith('last\n')).toBe(true);
  });

  test('that prints one endless line uses bounded memory', async () => {
    const result = await runCommand(
      line("head -c 60000000 /dev/zero | tr '\\0' x; echo; echo after"),
      'run/i.log',
    );
    expect(result.tail[0]?.length).toBeLessThanOrEqual(200);
    expect(result.tail[1]).toBe('after');
    expect((await logOf(result)).length).toBeLessThan(10_000);
  });

  test('leaves nothing running, including processes in a new session', async () => {
    const result = await runCommand(
      line(
        'sleep 300 & echo $! > plain.pid; setsid sh -c "echo \\$\\$ > own.pid; exec sleep 300" & sleep 0.5; echo done',
      ),
      'run/j.log',
    );
    expect(result.exitCode).toBe(0);
    expect(result.tail).toEqual(['done']);
    for (const name of ['plain.pid', 'own.pid']) {
      const pid = await pidIn(name);
      await vi.waitFor(async () => expect(await lives(pid)).toBe(false));
    }
  });
});

describe('a command that may outlive its worker', () => {
  const lasting = (file: string, rest: Partial<ProcessCommand> = {}) =>
    line(file, { outlivesWorker: true, ...rest });

  test('returns its exit code, its last lines and its whole log', async () => {
    const result = await runCommand(
      lasting('for i in $(seq 1 20000); do echo line $i; done; printf problem >&2; exit 3'),
      'run/s.log',
    );
    expect(result).toMatchObject({ exitCode: 3, signalled: false });
    expect(result.tail).toContain('line 20000');
    const logged = (await logOf(result)).split('\n');
    expect(logged).toContain('problem');
    const lines = logged.filter((text) => text.startsWith('line '));
    expect(lines).toEqual(Array.from({ length: 20_000 }, (_, i) => `line ${i + 1}`));
  });

  test('has its output read while it runs', async () => {
    const seenFile = join(folder, 'seen');
    const result = await runCommand(
      lasting(`echo first; while [ ! -e ${seenFile} ]; do sleep 0.1; done; echo second`, {
        onStdout: (text) => {
          if (text === 'first') writeFileSync(seenFile, '');
          return text;
        },
      }),
      'run/t.log',
    );
    expect(result.tail).toEqual(['first', 'second']);
  });

  test('leaves no files and no processes behind', async () => {
    const temp = await mkdtemp(join(folder, 'temp-'));
    vi.stubEnv('TMPDIR', temp);
    try {
      const seen: string[][] = [];
      const result = await runCommand(
        lasting('sleep 300 & echo $! > lasting.pid; echo done', {
          onStdout: (text) => {
            seen.push(readdirSync(temp));
            return text;
          },
        }),
        'run/u.log',
      );
      expect(result).toMatchObject({ exitCode: 0, tail: ['done'] });
      // Also a worker that is killed in this moment would leave none.
      expect(seen).toEqual([[]]);
      expect(await readdir(temp)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
    const pid = await pidIn('lasting.pid');
    await vi.waitFor(async () => expect(await lives(pid)).toBe(false));
  });

  test('does not start when its output files cannot be created', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'nowhere'));
    try {
      const failing = runCommand(lasting('echo x > begun'), null);
      await expect(failing).rejects.toMatchObject({ type: 'StorageFailed', nonRetryable: false });
    } finally {
      vi.unstubAllEnvs();
    }
    expect(existsSync(join(folder, 'begun'))).toBe(false);
  });

  test('is interrupted by a cancellation, and its output is read to the end', async () => {
    const environment = new MockActivityEnvironment();
    const running = environment.run<[], CommandResult, () => Promise<CommandResult>>(() =>
      runCommand(
        lasting('trap "sleep 0.3; echo tidied; exit 9" INT; echo $$ > lasting-int.pid; sleep 300'),
        'run/v.log',
      ),
    );
    await pidIn('lasting-int.pid');
    environment.cancel('CANCELLED');
    expect(await running).toMatchObject({ signalled: true, exitCode: 9, tail: ['tidied'] });
  });
});

describe('a command that cannot be run', () => {
  test('is named with an installation hint, and is not retried', async () => {
    const failing = runCommand(line('terraform-of-nowhere', { shell: false }), 'run/k.log');
    await expect(failing).rejects.toMatchObject({
      type: 'CommandNotFound',
      nonRetryable: true,
      message: expect.stringContaining('trying a command: cannot run `terraform-of-nowhere`'),
      details: [expect.objectContaining({ hint: expect.stringContaining('PATH') })],
    });
  });

  test('because its folder is missing is not reported as missing itself', async () => {
    const failing = runCommand(line('true', { cwd: join(folder, 'nowhere') }), 'run/l.log');
    await expect(failing).rejects.toThrow('trying a command: folder');
  });

  test('succeeds although its log cannot be stored, and its tail says so', async () => {
    const full: ArtifactStore = {
      ...artifacts,
      put: () =>
        Promise.reject(ApplicationFailure.create({ message: 'storing x: no space is left on the disk' })),
    };
    const result = await createRunCommand({ artifacts: full, env: process.env })(
      line('echo ok'),
      'run/m.log',
    );
    expect(result).toMatchObject({ exitCode: 0, log: null });
    expect(result.tail).toEqual([
      'ok',
      'The log could not be stored: storing x: no space is left on the disk',
    ]);
  });
});

describe('in an activity', () => {
  test('a command heartbeats its last lines and its progress', async () => {
    const environment = new MockActivityEnvironment();
    const beats: StageProgress[] = [];
    environment.on('heartbeat', (progress: StageProgress) => beats.push(progress));
    let done = 0;
    const command = line(
      'for i in 1 2 3 4 5 6 7; do echo step $i; done; sleep 1.5; echo token tell-nobody-77',
      {
        progress: () => ({ done, total: 7 }),
        onStdout: (text) => {
          done += 1;
          return text;
        },
      },
    );
    await environment.run(() => runCommand(command, 'run/n.log'));
    expect(beats.length).toBeGreaterThanOrEqual(2);
    expect(beats[0]).toEqual({ done: 0, total: 7, lines: [] });
    expect(beats.at(-1)?.lines).toEqual(['step 4', 'step 5', 'step 6', 'step 7', 'token ***']);
    expect(beats.at(-1)?.done).toBe(8);
  });

  test('cancelling interrupts the whole group and waits until it has ended', async () => {
    const environment = new MockActivityEnvironment();
    const running = environment.run(async () => {
      const result = await runCommand(
        line('trap "echo tidying; sleep 0.2; echo tidied > tidy; exit 9" INT; echo $$ > int.pid; sleep 300'),
        'run/o.log',
      );
      expect(result).toMatchObject({ signalled: true, exitCode: 9 });
      expect(existsSync(join(folder, 'tidy'))).toBe(true);
      await throwIfInterrupted(result, 'trying');
    });
    await pidIn('int.pid');
    environment.cancel('CANCELLED');
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });

  test('cancelling kills a command that ignores signals, and its child processes', async () => {
    const environment = new MockActivityEnvironment();
    const hasty = createRunCommand({
      artifacts,
      env: process.env,
      killGracePeriod: { interruptMs: 200, terminateMs: 200, orphanMs: 200 },
    });
    const deaf = 'trap "" INT TERM; sh -c "echo \\$\\$ > deaf.pid; while true; do sleep 1; done" & wait';
    const running = environment.run(() => hasty(line(deaf), 'run/p.log'));
    const pid = await pidIn('deaf.pid');
    environment.cancel('CANCELLED');
    expect(await running).toMatchObject({ signalled: true, exitCode: null });
    await vi.waitFor(async () => expect(await lives(pid)).toBe(false));
  });

  test('a worker shutdown fails the activity, so that the next worker restarts it', async () => {
    const environment = new MockActivityEnvironment();
    const running = environment.run(async () => {
      const result = await runCommand(line('echo begun; echo $$ > away.pid; sleep 300'), 'run/q.log');
      await throwIfInterrupted(result, 'testing web');
    });
    await pidIn('away.pid');
    environment.cancel('WORKER_SHUTDOWN');
    await expect(running).rejects.toMatchObject({
      type: 'Interrupted',
      nonRetryable: false,
      message: 'testing web: interrupted by worker shutdown',
      details: [expect.objectContaining({ tail: ['begun'] })],
    });
  });

  test('nothing is started after a cancellation', async () => {
    const environment = new MockActivityEnvironment();
    environment.cancel('CANCELLED');
    const result = await environment.run<[], CommandResult, () => Promise<CommandResult>>(() =>
      runCommand(line('echo x > started'), 'run/r.log'),
    );
    expect(result.signalled).toBe(true);
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });
});
