import type { Command, CommandDeps } from './command.ts';
import { checkRef, knownPlace } from './names.ts';
import type { CommandSpec } from './spec.ts';
import { startDeploy } from './start-deploy.ts';
import { parseWords } from './words.ts';

export const deploySpec: CommandSpec = {
  name: 'deploy',
  usage: '<service> [environment] [--ref <branch or commit>] [--force]',
  description: 'start a deployment; the environment defaults to the first one of the service',
  example: 'web production --ref main',
};

export const createDeploy = (deps: CommandDeps): Command => ({
  ...deploySpec,
  run: (call, text) => {
    const { positionals, values } = parseWords(deploySpec, text, 2, {
      ref: { type: 'string' },
      force: { type: 'boolean' },
    });
    const place = knownPlace(deploySpec, deps.outline, positionals[0], positionals[1]);
    return startDeploy(deps, call, {
      ...place,
      ...(values.ref === undefined ? {} : { ref: checkRef(deploySpec, String(values.ref)) }),
      ...(values.force === true ? { force: true } : {}),
      requestedBy: call.actor,
      conversation: call.conversation,
    });
  },
});
