import { createHash } from 'node:crypto';
import { canonicalJson } from '../../policy/canonical-json.ts';
import type { ResourceChange } from './plan-json.ts';
import type { PlanWitness } from './summarise.ts';

const digestOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

/** Anything that a plan would do to it, or to a read of it. */
const isStill = (actions: readonly string[]): boolean =>
  actions.every((action) => action === 'no-op' || action === 'read');

/** Sees a plan go by and tells it from another: what it would do, to what, and with which values. */
export const createDriftDigest = () => {
  const seen: string[] = [];
  let managed = 0;
  const witness: PlanWitness = {
    resource({ address, change }: ResourceChange) {
      const { actions, before, after } = change;
      if (!isStill(actions)) seen.push(digestOf([address, actions, before, after]));
    },
    part([section, ...path], value) {
      if (section === 'output_changes') {
        const { actions = [], before, after } = value as Partial<ResourceChange['change']>;
        if (!isStill(actions)) seen.push(digestOf([path, actions, before, after]));
      }
      if (
        section === 'prior_state' &&
        path.includes('resources') &&
        (value as { mode?: string }).mode === 'managed'
      )
        managed += 1;
    },
  };
  return {
    witness,
    /** How many resources the state has. */
    managed: (): number => managed,
    end: (): string => digestOf(seen.toSorted()),
  };
};
