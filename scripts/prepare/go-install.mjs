import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.mjs';
import { runProgram } from './run-program.mjs';

/** Copies a program into the cache under a temporary name and renames it, so the cache never holds half of one. */
export const cacheProgram = (from, to) => {
  copyFileSync(from, `${to}.next`);
  chmodSync(`${to}.next`, 0o755);
  renameSync(`${to}.next`, to);
};

/** Runs `work` with an empty folder next to the cached program, and removes the folder afterwards. */
export const withBuildFolder = async (cached, work) => {
  const folder = `${cached}.building`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Counts the packages that `go install -v` prints, one a line, for the progress lines. */
export const createBuildProgress = (packages) => {
  let downloads = 0;
  let compiled = 0;
  return (line) => {
    if (line.startsWith('go: ')) downloads += 1;
    else compiled += 1;
    if (compiled === 0) return `${downloads} modules downloaded`;
    return `${compiled} of at most ${packages} packages compiled`;
  };
};

/**
 * Builds a program of the Go module proxy into a folder. Returns its path, or null without Go or after a failure.
 * `packages` is how many packages an empty build cache compiles.
 */
export const goInstall = async (
  { root, env, reporter },
  { label, module, program, operation, packages },
  folder,
) => {
  if (findProgram('go', env) === null) return null;
  const log = join(root, '.quarterdeck', 'logs', `${program}-build.log`);
  const getProgress = createBuildProgress(packages);
  const result = await reporter.step(label, operation, (setDetail) =>
    runProgram('go', ['install', '-v', module], {
      cwd: folder,
      env: { ...env, GOBIN: folder },
      log,
      onLine: (line) => setDetail(getProgress(line)),
    }),
  );
  if (!result.ok) reporter.say(`${label}: go install failed (${log}):\n${result.tail}`);
  const path = join(folder, program);
  return result.ok && existsSync(path) ? path : null;
};
