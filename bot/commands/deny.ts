import { denyApplySignal, denyApplyUpdate } from '../../workflows/contract/run-messages.ts';
import type { Command, CommandDeps } from './command.ts';
import { createDecisionCommand } from './handling/decision-command.ts';
import { checkDeny } from './handling/precheck-decision.ts';
import type { CommandSpec } from './spec.ts';

export const denySpec: CommandSpec = {
  name: 'deny',
  usage: '<id> <reason>',
  description: 'say no to the plan of a run, and why',
  example: '3f2a91 not before the holidays',
};

export const createDeny = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: denySpec,
    transport: { update: denyApplyUpdate, signal: denyApplySignal.name },
    reason: 'required',
    requiresPlanDigest: true,
    precheck: checkDeny,
  });
