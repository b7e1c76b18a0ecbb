import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/**
 * Starts a separate process that runs a shell line, and calls an action when the shell has written that
 * many lines into the file `output`. Returns the process's exit code and a function that reads the file.
 */
const runProgram = async (line: string, actions: Readonly<Record<number, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-end-'));
  const command = {
    operation: 'waiting',
    file: line,
    args: [],
    shell: true,
    cwd: folder,
    outlivesWorker: true,
  };
  const killGracePeriod = { interruptMs: 60_000, terminateMs: 60_000, orphanMs: 60_000 };
  const job = { command, env: { PATH: process.env.PATH }, tag: randomUUID(), killGracePeriod };
  const program = `
    import { existsSync, readFileSync } from 'node:fs';
    import { runProcess } from ${url('./run-process.ts')};
    const controller = new AbortController();
    const actions = { ${Object.entries(actions).map(([count, act]) => `${count}: () => ${act}`)} };
    setInterval(() => {
      const output = existsSync('output') ? readFileSync('output', 'utf8') : '';
      actions[output.split('\\n').length - 1]?.();
    }, 20);
    const take = async () => undefined;
    const job = ${JSON.stringify(job)};
    await runProcess({ ...job, abortSignal: controller.signal, onStdout: take, onStderr: take });`;
  const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    reject: false,
    stdio: 'ignore',
  });
  return {
    exitCode,
    output: () => readFile(join(folder, 'output'), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

test('a process that exits at once sends SIGTERM to its commands, which may still write output', async () => {
  // The sleep lets the process exit first: a shell that writes into a broken pipe ends there.
  const line =
    'trap "sleep 0.5; echo stopping; echo asked >> output; exit 0" TERM; echo ready > output; while :; do sleep 0.1; done';
  const { exitCode, output, remove } = await runProgram(line, { 1: 'process.exit(1)' });
  try {
    expect(exitCode).toBe(1);
    await expect.poll(output, { timeout: 20_000 }).toBe('ready\nasked\n');
  } finally {
    await remove();
  }
});

test('a command that outlives its worker is signalled only once', async () => {
  const line = [
    'trap "echo interrupted >> output" INT; trap "echo terminated >> output" TERM',
    'echo ready > output; while kill -0 $PPID; do sleep 0.1; done; echo ended >> output',
  ].join('; ');
  const actions = { 1: 'controller.abort()', 2: 'process.exit(1)' };
  const { exitCode, output, remove } = await runProgram(line, actions);
  try {
    expect(exitCode).toBe(1);
    await expect.poll(output, { timeout: 20_000 }).toBe('ready\ninterrupted\nended\n');
  } finally {
    await remove();
  }
});
