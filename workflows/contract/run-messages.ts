import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DecisionAnswer, DecisionRequest, KeyedDecisionRequest } from './decision.ts';
import type { PlanSummary } from './plan.ts';
import type { RunStatus } from './run-status.ts';
import type { RunView } from './run-view.ts';

/** What can be asked of every run, whatever it runs: the wire names are those of the seeds. */
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
