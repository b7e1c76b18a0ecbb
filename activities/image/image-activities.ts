import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { DeployActivities } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { artifactKey } from '../artifacts/artifact-key.ts';
import { isImageName } from '../catalog/name-patterns.ts';
import type { Workspaces } from '../git/port.ts';
import { activityFailure, throwIfInterrupted } from '../process/activity-failure.ts';
import { killOrphanProcesses } from '../process/orphan-processes.ts';
import { cleanLine, createTail, truncateEnd } from '../process/output-lines.ts';
import type { RunCommand } from '../process/port.ts';
import type { ProcessEnv } from '../process/process-env.ts';
import { createTextRedactor, secretValues } from '../process/redact.ts';
import { buildArguments, buildEnvironment, chooseBuilder, storageArguments } from './builder.ts';
import { imageFailure } from './image-failure.ts';

/** The Dockerfile's real path. No `..` and no symbolic link may lead out of the repository. */
const findDockerfile = async (root: string, dockerfile: string, operation: string): Promise<string> => {
  const refuse = (why: string, hint: string) =>
    activityFailure({ type: failureTypes.imageFailed, message: `${operation}: ${why}`, hint });
  const path = await realpath(join(root, dockerfile)).catch(() => null);
  const inside = relative(await realpath(root), path ?? join(root, dockerfile));
  if (isAbsolute(dockerfile) || inside.startsWith('..') || isAbsolute(inside))
    throw refuse(
      `Dockerfile ${dockerfile} is outside of the repository`,
      'Fix `image.dockerfile` in the catalog, or the link in the repository.',
    );
  if (path === null || !(await stat(path)).isFile())
    throw refuse(
      `file ${dockerfile} does not exist at this commit`,
      'Fix `image.dockerfile` in the catalog.',
    );
  return path;
};

const reference = (name: string, commit: string, operation: string): string => {
  if (isImageName(name)) return `${name}:${commit.slice(0, 12)}`;
  throw activityFailure({
    type: failureTypes.imageFailed,
    message: `${operation}: ${JSON.stringify(name.slice(0, 80))} is not a valid image name`,
    hint: 'Fix `image.name` in the catalog: lowercase letters, digits, `.`, `-`, `_` and `/`, without a tag.',
  });
};

/**
 * The activity `build_image`. It has a separate working tree, because `install_packages` may run at the
 * same time. Throws failureTypes.imageFailed; retried after network errors and a full disk only.
 */
export const createImageActivities = (deps: {
  readonly runCommand: RunCommand;
  readonly workspace: Workspaces['workspace'];
  /** The worker's environment. */
  readonly env: ProcessEnv;
}): Pick<DeployActivities, 'buildImage'> => ({
  async buildImage(input) {
    const { target, revision: commit, workflowId, attempt } = input;
    if (target.image === null || target.image.builder === 'none')
      return { detail: 'no image', tail: [], log: null, image: null };
    const operation = `building the image of ${target.name}`;
    const tag = reference(target.image.name, commit, operation);
    const context = await deps.workspace(input, 'image');
    await killOrphanProcesses(context);
    const dockerfile = await findDockerfile(context, target.image.dockerfile, operation);
    const builder = await chooseBuilder(target.image.builder, deps.env, operation);
    const output = createTail(60);
    const addLine = (line: string): string => {
      output.add(truncateEnd(cleanLine(line), 4000));
      return line;
    };
    const result = await deps.runCommand(
      {
        operation,
        file: builder,
        args: [
          ...storageArguments(builder, deps.env),
          ...buildArguments(builder, { dockerfile, context, tag, commit }),
        ],
        cwd: context,
        access: 'image',
        env: buildEnvironment(deps.env),
        onStdout: addLine,
        onStderr: addLine,
      },
      artifactKey(workflowId, `build_image-${attempt}.log`),
    );
    await throwIfInterrupted(result, operation);
    if (result.exitCode === 0) return { detail: tag, tail: result.tail, log: result.log, image: tag };
    // The message names the base image, which it reads from this output.
    const redacted = createTextRedactor(secretValues(deps.env))(output.last().join('\n'));
    throw imageFailure(operation, builder, result, redacted);
  },
});
