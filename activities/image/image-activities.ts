import type { DeployActivities } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { artifactKey } from '../artifacts/key.ts';
import type { Workspaces } from '../git/port.ts';
import { activityFailure } from '../process/activity-failure.ts';
import { cleanLine, shorten } from '../process/clean-line.ts';
import type { Env } from '../process/environment.ts';
import type { RunCommand } from '../process/port.ts';
import { createScrub } from '../process/scrub.ts';
import { secretValues } from '../process/secret-values.ts';
import { throwIfStopped } from '../process/stopped.ts';
import { endLeftovers } from '../process/stragglers.ts';
import { createTail } from '../process/tail.ts';
import { buildArguments, buildEnvironment, builderSettings, chooseBuilder } from './builder.ts';
import { findDockerfile } from './dockerfile.ts';
import { imageFailure } from './image-failure.ts';

/** A repository's name with an optional registry in front, and no tag: the tag is the commit. */
const plainName = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*$/;

const reference = (name: string, commit: string, doing: string): string => {
  if (name.length <= 200 && plainName.test(name)) return `${name}:${commit.slice(0, 12)}`;
  throw activityFailure({
    type: failureTypes.imageFailed,
    message: `${doing}: ${JSON.stringify(name.slice(0, 80))} is not a name for an image`,
    hint: 'Mend `image.name` in the catalog: small letters, digits, dots and dashes, without a tag.',
  });
};

/** `build_image`: from a working tree of its own, so that it never meets a half-installed one. */
export const createImageActivities = (deps: {
  readonly runCommand: RunCommand;
  readonly workspace: Workspaces['workspace'];
  /** The worker's environment. */
  readonly env: Env;
}): Pick<DeployActivities, 'buildImage'> => ({
  async buildImage(input) {
    const { target, commit, workflowId, attempt } = input;
    if (target.image === null || target.image.builder === 'none')
      return { detail: 'no image', tail: [], log: null, image: null };
    const doing = `building the image of ${target.service}`;
    const tag = reference(target.image.name, commit, doing);
    const context = await deps.workspace(input, 'image');
    await endLeftovers(context);
    const dockerfile = await findDockerfile(context, target.image.dockerfile, doing);
    const builder = await chooseBuilder(target.image.builder, deps.env, doing);
    const output = createTail(60);
    const keep = (line: string): string => {
      output.add(shorten(cleanLine(line), 4000));
      return line;
    };
    const result = await deps.runCommand(
      {
        doing,
        file: builder,
        args: [
          ...builderSettings(builder, deps.env),
          ...buildArguments(builder, { dockerfile, context, tag, commit }),
        ],
        cwd: context,
        access: 'image',
        env: buildEnvironment(deps.env),
        onStdout: keep,
        onStderr: keep,
      },
      artifactKey(workflowId, `build_image-${attempt}.log`),
    );
    await throwIfStopped(result, doing);
    if (result.exitCode === 0) return { detail: tag, tail: result.tail, log: result.log, image: tag };
    // The message names the base image, which is taken from here.
    const said = createScrub(secretValues(deps.env))(output.last().join('\n'));
    throw imageFailure(doing, builder, result, said);
  },
});
