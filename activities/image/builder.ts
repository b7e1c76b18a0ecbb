import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { ImageBuilder } from '../../workflows/contract/target.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { createProcessEnv, type ProcessEnv } from '../process/process-env.ts';

const run = promisify(execFile);
const probeTimeoutMs = 5000;

/** Whether a program is installed and succeeds within five seconds. */
const programAnswers = async (file: string, args: readonly string[], env: ProcessEnv): Promise<boolean> => {
  try {
    const { stdout } = await run(file, [...args], {
      env: createProcessEnv(env, 'image'),
      timeout: probeTimeoutMs,
      killSignal: 'SIGKILL',
    });
    return stdout.trim() !== '';
  } catch {
    return false;
  }
};

/** The program that builds images. */
export type Builder = 'docker' | 'buildah';

/**
 * The builder that the catalog names. `auto` chooses Docker if an engine responds, then buildah.
 * @throws failureTypes.imageFailed (not retried) when the worker has neither.
 */
export const chooseBuilder = async (
  chosen: Exclude<ImageBuilder, 'none'>,
  env: ProcessEnv,
  operation: string,
): Promise<Builder> => {
  if (chosen !== 'auto') return chosen;
  // `docker info` succeeds without an engine; formatting the engine's version does not.
  if (await programAnswers('docker', ['info', '--format', '{{.ServerVersion}}'], env)) return 'docker';
  if (await programAnswers('buildah', ['--version'], env)) return 'buildah';
  throw activityFailure({
    type: failureTypes.imageFailed,
    message: `${operation}: no Docker engine responds and buildah is not installed on this worker`,
    hint: 'Start Docker, install buildah (`apt-get install buildah`), or set `builder: none` in the catalog.',
  });
};

interface Build {
  readonly dockerfile: string;
  readonly context: string;
  readonly tag: string;
  readonly commit: string;
}

/** The arguments that build an image. Options come before `--`, so no path is read as an option. */
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
 * buildah's arguments for storing layers. As root, as in a container, it uses plain folders, because an
 * overlay does not work on top of a container's overlay. STORAGE_DRIVER overrides this.
 */
export const storageArguments = (builder: Builder, env: ProcessEnv): string[] => {
  if (builder === 'docker') return [];
  const driver = env.STORAGE_DRIVER || (process.getuid?.() === 0 ? 'vfs' : '');
  return driver ? ['--storage-driver', driver] : [];
};

/** Makes Docker print plain lines, and buildah keep layers and work without namespaces as in a container. */
export const buildEnvironment = (env: ProcessEnv): Record<string, string> => ({
  BUILDAH_ISOLATION: env.BUILDAH_ISOLATION || 'chroot',
  BUILDAH_LAYERS: env.BUILDAH_LAYERS || 'true',
  BUILDKIT_PROGRESS: 'plain',
});
