import {
  approveApplySignal,
  approveApplyUpdate,
  cancelSignal,
  cancelUpdate,
  denyApplySignal,
  denyApplyUpdate,
  retrySignal,
  retryUpdate,
} from '../../workflows/contract/run-messages.ts';
import type { Command, CommandDeps } from './command.ts';
import { createDecisionCommand } from './handling/decision-command.ts';
import type { CommandSpec } from './spec.ts';

export const approveSpec: CommandSpec = {
  name: 'approve',
  usage: '<id> [reason]',
  description: 'approve the plan of a run',
  example: '3f2a91',
};

export const createApprove = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: approveSpec,
    noun: 'approval',
    update: approveApplyUpdate,
    signal: approveApplySignal.name,
    reason: 'optional',
    vote: 'approve',
  });

export const denySpec: CommandSpec = {
  name: 'deny',
  usage: '<id> <reason>',
  description: 'deny the plan of a run, with a reason',
  example: '3f2a91 not before the holidays',
};

export const createDeny = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: denySpec,
    noun: 'denial',
    update: denyApplyUpdate,
    signal: denyApplySignal.name,
    reason: 'required',
    vote: 'deny',
  });

export const cancelSpec: CommandSpec = {
  name: 'cancel',
  usage: '<id> [reason]',
  description: 'stop a run cleanly',
  example: '3f2a91 wrong branch',
};

export const createCancel = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: cancelSpec,
    noun: 'cancellation',
    update: cancelUpdate,
    signal: cancelSignal.name,
    reason: 'optional',
    vote: null,
  });

export const retrySpec: CommandSpec = {
  name: 'retry',
  usage: '<id>',
  description: 'resume a failed run at the stage that failed',
  example: '3f2a91',
};

export const createRetry = (deps: CommandDeps): Command =>
  createDecisionCommand(deps, {
    spec: retrySpec,
    noun: 'retry',
    update: retryUpdate,
    signal: retrySignal.name,
    reason: 'none',
    vote: null,
  });
