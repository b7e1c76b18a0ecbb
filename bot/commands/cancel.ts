import { cancelSignal, cancelUpdate } from '../../workflows/contract/run-messages.ts';
import type { Command, CommandDeps } from './command.ts';
import { createDecisionCommand } from './handling/decision-command.ts';
import type { CommandSpec } from './spec.ts';

export const cancelSpec: CommandSpec = {
  name: 'cancel',
  usage: '<id> [reason]',
  description: 'stop a run cleanly',
  example: '3f2a91 wrong branch',
};

export const createCancel = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: cancelSpec,
    transport: { update: cancelUpdate, signal: cancelSignal.name },
    reason: 'optional',
    requiresPlanDigest: false,
    precheck: null,
  });
