import { retrySignal, retryUpdate } from '../../workflows/contract/run-messages.ts';
import type { Command, CommandDeps } from './command.ts';
import { createDecisionCommand } from './handling/decision-command.ts';
import type { CommandSpec } from './spec.ts';

export const retrySpec: CommandSpec = {
  name: 'retry',
  usage: '<id>',
  description: 'resume a failed run at the stage that failed',
  example: '3f2a91',
};

export const createRetry = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: retrySpec,
    transport: { update: retryUpdate, signal: retrySignal.name },
    reason: 'none',
    requiresPlanDigest: false,
    precheck: null,
  });
