import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

test('a process that leaves at once asks its commands to stop', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-end-'));
  const told = () => readFile(join(folder, 'told'), 'utf8').catch(() => '');
  const startProcess = new URL('./start-process.ts', import.meta.url).href;
  const shell = 'trap "echo asked >> told; exit 0" TERM; echo ready > told; while :; do sleep 0.1; done';
  const program = `
    import { readFileSync } from 'node:fs';
    import { startProcess } from ${JSON.stringify(startProcess)};
    await startProcess(
      { doing: 'waiting', file: ${JSON.stringify(shell)}, args: [], shell: true, cwd: process.cwd() },
      { PATH: process.env.PATH },
    );
    const look = () => { try { return readFileSync('told', 'utf8'); } catch { return ''; } };
    setInterval(() => { if (look() === 'ready\\n') process.exit(1); }, 20);`;
  try {
    const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      reject: false,
      // The command shares our output and may end a moment later than the program.
      stdio: 'ignore',
    });
    expect(exitCode).toBe(1);
    await expect.poll(told, { timeout: 20_000 }).toBe('ready\nasked\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
