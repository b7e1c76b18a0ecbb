import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

/** A program of our own, in a folder of its own, and what its command writes down there. */
const runProgram = async (program: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-end-'));
  const told = () => readFile(join(folder, 'told'), 'utf8').catch(() => '');
  const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    reject: false,
    // The command shares our output and may end a moment later than the program.
    stdio: 'ignore',
  });
  return { exitCode, told, remove: () => rm(folder, { recursive: true, force: true }) };
};

const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/** Calls something when the command has written so many lines. */
const look = `
  import { readFileSync } from 'node:fs';
  const lines = () => { try { return readFileSync('told', 'utf8').split('\\n').length - 1; } catch { return 0; } };
  const when = (count, act) => {
    const timer = setInterval(() => { if (lines() >= count) { clearInterval(timer); act(); } }, 20);
  };`;

test('a process that leaves at once asks its commands to stop', async () => {
  const shell = 'trap "echo asked >> told; exit 0" TERM; echo ready > told; while :; do sleep 0.1; done';
  const { exitCode, told, remove } = await runProgram(`${look}
    import { startProcess } from ${url('./start-process.ts')};
    await startProcess(
      { doing: 'waiting', file: ${JSON.stringify(shell)}, args: [], shell: true, cwd: process.cwd() },
      { PATH: process.env.PATH },
    );
    when(1, () => process.exit(1));`);
  try {
    expect(exitCode).toBe(1);
    await expect.poll(told, { timeout: 20_000 }).toBe('ready\nasked\n');
  } finally {
    await remove();
  }
});

test('a command that must come to its own end is asked only once', async () => {
  const shell = [
    'trap "echo interrupted >> told" INT; trap "echo terminated >> told" TERM',
    'echo ready > told; for i in $(seq 1 15); do sleep 0.1; done; echo ended >> told',
  ].join('; ');
  const { exitCode, told, remove } = await runProgram(`${look}
    import { runProcess } from ${url('./run-process.ts')};
    const command = {
      doing: 'waiting', file: ${JSON.stringify(shell)}, args: [], shell: true, cwd: process.cwd(), outlives: true,
    };
    const controller = new AbortController();
    when(1, () => controller.abort());
    when(2, () => process.exit(1));
    await runProcess({
      command,
      env: { PATH: process.env.PATH },
      mark: 'end-with-us',
      patience: { interruptMs: 60_000, terminateMs: 60_000, orphanMs: 60_000 },
      abortSignal: controller.signal,
      onStdout: async () => undefined,
      onStderr: async () => undefined,
    });`);
  try {
    expect(exitCode).toBe(1);
    await expect.poll(told, { timeout: 20_000 }).toBe('ready\ninterrupted\nended\n');
  } finally {
    await remove();
  }
});
