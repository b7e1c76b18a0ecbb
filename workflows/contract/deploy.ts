import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Conversation } from './conversation.ts';
import type { DecisionAnswer, DecisionRequest, KeyedDecisionRequest } from './decision.ts';
import type { Person } from './person.ts';
import type { PlanSummary } from './plan.ts';
import type { RunStatus } from './run-status.ts';
import type { RunView } from './run-view.ts';

/** Input of the workflow `deploy`. It names a service, never a command, a directory or an approver. */
export interface DeployInput {
  readonly service: string;
  readonly environment: string;
  /** Branch, tag or commit; the catalog's branch when absent. */
  readonly ref?: string;
  /** Deploy although nothing changed. */
  readonly force?: boolean;
  readonly requestedBy: Person;
  /** Where it was asked, and so where it is answered. */
  readonly conversation?: Conversation;
}

/** Type of the workflow function, for clients that start it by name. */
export type Deploy = (input: DeployInput) => Promise<RunView>;

export const deployWorkflowType = 'deploy';

/** Workflow id of a deployment. */
export const deployWorkflowId = (uuid: string): string => `total-build-${uuid}`;

export const approveSignal = defineSignal<[string | { readonly name: string }]>('approve');
export const approveApplySignal = defineSignal<[KeyedDecisionRequest?]>('approve_apply');
export const denyApplySignal = defineSignal<[(string | KeyedDecisionRequest)?]>('deny_apply');
export const cancelSignal = defineSignal<[KeyedDecisionRequest?]>('cancel');
export const retrySignal = defineSignal<[KeyedDecisionRequest?]>('retry');

export const approveApplyUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('approve_apply');
export const denyApplyUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('deny_apply');
export const cancelUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('cancel');
export const retryUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('retry');

export const statusQuery = defineQuery<RunStatus>('get_current_status');
/** 0 to 100. */
export const progressQuery = defineQuery<number>('get_progress');
export const planQuery = defineQuery<PlanSummary | null>('get_plan');
/** The reason given with the newest decision, or null. */
export const signalReasonQuery = defineQuery<string | null>('get_signal_reason');
export const runQuery = defineQuery<RunView>('get_run');
