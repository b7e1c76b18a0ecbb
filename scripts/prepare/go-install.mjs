import { chmodSync, copyFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.mjs';
import { run } from './run.mjs';

/** Puts a program into the cache whole: it is copied beside its place, and renamed. */
export const keepProgram = (from, to) => {
  copyFileSync(from, `${to}.next`);
  chmodSync(`${to}.next`, 0o755);
  renameSync(`${to}.next`, to);
};

/** Builds a program of the module proxy into a folder; its path, or null where there is no go or it fails. */
export const goInstall = async ({ root, env, report }, { label, module, program, doing }, folder) => {
  if (findProgram('go', env) === null) return null;
  const log = join(root, '.quarterdeck', 'logs', `${program}-build.log`);
  const result = await report.step(label, doing, (detail) =>
    run('go', ['install', '-v', module], {
      cwd: folder,
      env: { ...env, GOBIN: folder },
      log,
      onLine: detail,
    }),
  );
  if (!result.ok) report.say(`${label}: go install failed (${log}):\n${result.tail}`);
  const path = join(folder, program);
  return result.ok && existsSync(path) ? path : null;
};
