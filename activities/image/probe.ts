import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commandEnvironment, type Env } from '../process/environment.ts';

const run = promisify(execFile);
const patienceMs = 5000;

/** Whether a program is there and answers with success; one that hangs does not. */
export const answersQuickly = async (file: string, args: readonly string[], env: Env): Promise<boolean> => {
  try {
    const { stdout } = await run(file, [...args], {
      env: commandEnvironment(env, 'image'),
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    return stdout.trim() !== '';
  } catch {
    return false;
  }
};
