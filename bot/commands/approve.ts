import { approveApplySignal, approveApplyUpdate } from '../../workflows/contract/run-messages.ts';
import type { Command, CommandDeps } from './command.ts';
import { createDecisionCommand } from './handling/decision-command.ts';
import { checkApprove } from './handling/precheck-decision.ts';
import type { CommandSpec } from './spec.ts';

export const approveSpec: CommandSpec = {
  name: 'approve',
  usage: '<id> [reason]',
  description: 'say yes to the plan of a run',
  example: '3f2a91',
};

export const createApprove = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: approveSpec,
    transport: { update: approveApplyUpdate, signal: approveApplySignal.name },
    reason: 'optional',
    requiresPlanDigest: true,
    precheck: checkApprove,
  });
