import type { ApplyResult } from '../../workflows/contract/activities.ts';
import type { UiLine } from './machine-readable-ui.ts';

/** How many times `apply_complete` is said before a resource is done; moves and the like say nothing. */
const steps: Readonly<Record<string, number>> = { create: 1, update: 1, delete: 1, replace: 2 };

const maxListed = 50;

/**
 * Follows an apply. Terraform repeats the plan first, so the total is known before anything is done;
 * data sources are read in between, and are not counted.
 */
export const createApplyProgress = () => {
  const left = new Map<string, number>();
  const finished: string[] = [];
  const counts = { added: 0, changed: 0, destroyed: 0 };
  let total = 0;
  let done = 0;
  let began = false;

  const completed = (address: string, action: string | undefined): void => {
    if (action === 'create') counts.added += 1;
    else if (action === 'update') counts.changed += 1;
    else if (action === 'delete') counts.destroyed += 1;
    else return;
    const steps = (left.get(address) ?? 1) - 1;
    left.set(address, steps);
    if (steps !== 0) return;
    done += 1;
    if (finished.length < maxListed) finished.push(address);
  };

  return {
    see({ type, change, hook }: UiLine): void {
      if (type === 'planned_change' && change) {
        const needed = steps[change.action];
        if (needed === undefined) return;
        total += 1;
        left.set(change.resource.addr, needed);
      } else if (type === 'apply_start' && hook?.action !== 'read') began = true;
      else if (type === 'apply_complete' && hook) completed(hook.resource.addr, hook.action);
    },
    /** Whether anything may have been changed. */
    get began(): boolean {
      return began;
    },
    get result(): ApplyResult {
      return { ...counts, done, total, finished: [...finished] };
    },
  };
};
