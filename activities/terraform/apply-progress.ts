import type { ApplyResult } from '../../workflows/contract/activities.ts';
import type { UiLine } from './machine-readable-ui.ts';

/**
 * How many `apply_complete` lines a resource needs until it is done, by the action of its `planned_change`.
 * Terraform reports no progress for other actions, such as a move.
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui#resource-progress
 */
const completionsByAction: Readonly<Record<string, number>> = { create: 1, update: 1, delete: 1, replace: 2 };

const maxListed = 50;

/** Follows the output of one `terraform apply -json`. */
export interface ApplyProgress {
  follow(line: UiLine): void;
  /** Whether Terraform began to change a resource. */
  readonly hasStarted: boolean;
  /** Counts so far; `finished` has at most 50 addresses. */
  readonly result: ApplyResult;
}

/**
 * Terraform repeats the plan first, so the total is known before the first change. Reads of data sources during the
 * apply are not counted.
 */
export const createApplyProgress = (): ApplyProgress => {
  const remaining = new Map<string, number>();
  const finished: string[] = [];
  const counts = { added: 0, changed: 0, destroyed: 0 };
  let total = 0;
  let done = 0;
  let hasStarted = false;

  const complete = (address: string, action: string | undefined): void => {
    if (action === 'create') counts.added += 1;
    else if (action === 'update') counts.changed += 1;
    else if (action === 'delete') counts.destroyed += 1;
    else return;
    const left = (remaining.get(address) ?? 1) - 1;
    remaining.set(address, left);
    if (left !== 0) return;
    done += 1;
    if (finished.length < maxListed) finished.push(address);
  };

  return {
    follow({ type, change, hook }) {
      if (type === 'planned_change' && change) {
        const needed = completionsByAction[change.action];
        if (needed === undefined) return;
        total += 1;
        remaining.set(change.resource.addr, needed);
      } else if (type === 'apply_start' && hook?.action !== 'read') hasStarted = true;
      else if (type === 'apply_complete' && hook) complete(hook.resource.addr, hook.action);
    },
    get hasStarted() {
      return hasStarted;
    },
    get result() {
      return { ...counts, done, total, finished: [...finished] };
    },
  };
};
