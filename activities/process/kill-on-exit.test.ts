import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/**
 * A process of its own that runs a line in a shell and does something when that has written so many
 * lines into `told`. Returns its exit code, and a look at what the shell has written until now.
 */
const runProgram = async (line: string, acts: Readonly<Record<number, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-end-'));
  const command = { operation: 'waiting', file: line, args: [], shell: true, cwd: folder, outlives: true };
  const patience = { interruptMs: 60_000, terminateMs: 60_000, orphanMs: 60_000 };
  const job = { command, env: { PATH: process.env.PATH }, mark: randomUUID(), patience };
  const program = `
    import { existsSync, readFileSync } from 'node:fs';
    import { runProcess } from ${url('./run-process.ts')};
    const controller = new AbortController();
    const acts = { ${Object.entries(acts).map(([count, act]) => `${count}: () => ${act}`)} };
    setInterval(() => {
      const told = existsSync('told') ? readFileSync('told', 'utf8') : '';
      acts[told.split('\\n').length - 1]?.();
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
    told: () => readFile(join(folder, 'told'), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

test('a process that leaves at once asks its commands to stop, and they may still say what they do', async () => {
  // The pause lets the process be gone: a shell that writes into a broken pipe ends there.
  const line =
    'trap "sleep 0.5; echo stopping; echo asked >> told; exit 0" TERM; echo ready > told; while :; do sleep 0.1; done';
  const { exitCode, told, remove } = await runProgram(line, { 1: 'process.exit(1)' });
  try {
    expect(exitCode).toBe(1);
    await expect.poll(told, { timeout: 20_000 }).toBe('ready\nasked\n');
  } finally {
    await remove();
  }
});

test('a command that must come to its own end is asked only once', async () => {
  const line = [
    'trap "echo interrupted >> told" INT; trap "echo terminated >> told" TERM',
    'echo ready > told; while kill -0 $PPID; do sleep 0.1; done; echo ended >> told',
  ].join('; ');
  const acts = { 1: 'controller.abort()', 2: 'process.exit(1)' };
  const { exitCode, told, remove } = await runProgram(line, acts);
  try {
    expect(exitCode).toBe(1);
    await expect.poll(told, { timeout: 20_000 }).toBe('ready\ninterrupted\nended\n');
  } finally {
    await remove();
  }
});
