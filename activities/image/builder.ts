import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { ImageBuilder } from '../../workflows/contract/target.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { createProcessEnv, type ProcessEnv } from '../process/process-env.ts';

const run = promisify(execFile);
const patienceMs = 5000;

/** Whether a program is there and answers with success; one that hangs does not. */
const programAnswers = async (file: string, args: readonly string[], env: ProcessEnv): Promise<boolean> => {
  try {
    const { stdout } = await run(file, [...args], {
      env: createProcessEnv(env, 'image'),
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    });
    return stdout.trim() !== '';
  } catch {
    return false;
  }
};

export type Builder = 'docker' | 'buildah';

/** The builder that the catalog names, or with `auto` the first that answers: a docker engine, then buildah. */
export const chooseBuilder = async (
  wanted: Exclude<ImageBuilder, 'none'>,
  env: ProcessEnv,
  operation: string,
): Promise<Builder> => {
  if (wanted !== 'auto') return wanted;
  // `docker info` answers 0 without an engine; asking for the engine's version does not.
  if (await programAnswers('docker', ['info', '--format', '{{.ServerVersion}}'], env)) return 'docker';
  if (await programAnswers('buildah', ['--version'], env)) return 'buildah';
  throw activityFailure({
    type: failureTypes.imageFailed,
    message: `${operation}: this worker has no docker engine that answers, and no buildah`,
    hint: 'Start Docker, or install buildah (`apt-get install buildah`), or let the catalog say `builder: none`.',
  });
};

interface Build {
  readonly dockerfile: string;
  readonly context: string;
  readonly tag: string;
  readonly commit: string;
}

/** The command that builds. Options come before `--`, so no path can be taken for one. */
export const buildArguments = (builder: Builder, { dockerfile, context, tag, commit }: Build): string[] => [
  builder === 'docker' ? 'build' : 'bud',
  '--file',
  dockerfile,
  '--tag',
  tag,
  '--label',
  `org.opencontainers.image.revision=${commit}`,
  '--',
  context,
];

/**
 * As root, which is how workers in containers run, buildah stores layers in plain folders: an overlay
 * does not work on top of a container's own. A worker that is set otherwise keeps its own way.
 */
export const storageArguments = (builder: Builder, env: ProcessEnv): string[] => {
  if (builder === 'docker') return [];
  const driver = env.STORAGE_DRIVER || (process.getuid?.() === 0 ? 'vfs' : '');
  return driver ? ['--storage-driver', driver] : [];
};

/** Docker is asked for plain lines; buildah to keep layers, and to do without namespaces, which containers forbid. */
export const buildEnvironment = (env: ProcessEnv): Record<string, string> => ({
  BUILDAH_ISOLATION: env.BUILDAH_ISOLATION || 'chroot',
  BUILDAH_LAYERS: env.BUILDAH_LAYERS || 'true',
  BUILDKIT_PROGRESS: 'plain',
});
