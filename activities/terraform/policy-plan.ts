import { closeSync, openSync, writeSync } from 'node:fs';
import { maskMarked } from './secrets/mask-marked.ts';
import type { Change, ResourceChange } from './summary/plan-json.ts';

/** What the rules are told of a change. */
const changeOf = (change: Change) => ({
  actions: change.actions,
  before: maskMarked(change.before, change.before_sensitive),
  after: maskMarked(change.after, change.after_sensitive),
  after_unknown: change.after_unknown,
  replace_paths: change.replace_paths,
  importing: change.importing,
});

const plainParts = new Set(['format_version', 'terraform_version', 'errored', 'complete', 'applyable']);

/**
 * The plan as the policy sees it: every change with its values, but what Terraform marks as sensitive. Nothing
 * else is hidden: a rule that looks for "admin" must find it, also where "admin" is somebody's password.
 * It is written change by change into a file of this stage, because a plan may be larger than memory.
 */
export const createPolicyPlan = (path: string) => {
  const file = openSync(path, 'w', 0o600);
  const parts: Record<string, unknown> = { errored: false };
  const checks: unknown[] = [];
  const outputs: Record<string, unknown> = {};
  let separator = '';
  writeSync(file, '{"resource_changes":[');

  return {
    resource(resource: ResourceChange): void {
      const { change, ...facts } = resource;
      writeSync(file, `${separator}\n${JSON.stringify({ ...facts, change: changeOf(change) })}`);
      separator = ',';
    },
    part([first = '', name = '']: readonly string[], value: unknown): void {
      if (plainParts.has(first)) parts[first] = value;
      else if (first === 'checks') checks.push(value);
      else if (first === 'output_changes') outputs[name] = { actions: (value as Change).actions };
    },
    /** Completes the document. */
    end(): void {
      writeSync(file, `\n],${JSON.stringify({ ...parts, checks, output_changes: outputs }).slice(1)}\n`);
    },
    [Symbol.dispose]: (): void => closeSync(file),
  };
};
