import { approveApplySignal, approveApplyUpdate } from '../../workflows/contract/run-messages.ts';
import { mayApprove } from '../authorise.ts';
import type { Command, CommandDeps } from './command.ts';
import { createDecisionCommand } from './decision-command.ts';
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
    way: { update: approveApplyUpdate, signal: approveApplySignal.name },
    reason: 'optional',
    namesPlan: true,
    may: mayApprove,
  });
