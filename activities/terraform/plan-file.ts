import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { createLineSplitter } from '../process/output-lines.ts';
import { createLineRedactor } from '../process/redact.ts';
import { readOutput } from './read-command-output.ts';
import type { Redact } from './secrets/redactor.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import { maskSensitive } from './secrets/sensitive-values.ts';
import type { Change, ResourceChange } from './summary/plan-json.ts';
import { type PlanReading, type PlanVisitor, readPlan } from './summary/read-plan.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

/** What the rules are told of a change. */
const changeOf = (change: Change) => ({
  actions: change.actions,
  before: maskSensitive(change.before, change.before_sensitive),
  after: maskSensitive(change.after, change.after_sensitive),
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
const createPolicyPlanWriter = (path: string) => {
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

/** Reads what a plan file would do, and what in it is secret. */
export const readPlanFile = async (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  file: string,
  witness?: PlanVisitor,
): Promise<PlanReading> => {
  const show = ['show', '-json', '-no-color', file];
  const reading = await readOutput(deps, place, show, (json) => readPlan(json, witness));
  const base = createBaseRedactor(deps, place);
  return { ...reading, redact: (text) => base(reading.redact(text)) };
};

async function* scrubbed(text: Readable, scrub: Redact): AsyncGenerator<Buffer> {
  const lines = createLineSplitter();
  const clean = createLineRedactor(scrub);
  const join = (list: readonly string[]) => Buffer.from(list.map((line) => `${clean(line)}\n`).join(''));
  for await (const chunk of text) yield join(lines.add(chunk));
  yield join(lines.end());
}

/** The same, and the plan as the policy judges it, which goes to the artifact store. */
export const readAndStorePlan = async (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  file: string,
  name: string,
): Promise<PlanReading & { json: ArtifactRef }> => {
  const path = join(place.tempDir, 'policy-plan.json');
  using plan = createPolicyPlanWriter(path);
  const reading = await readPlanFile(deps, place, file, plan);
  plan.end();
  return { ...reading, json: await deps.artifacts.put(place.key(name), createReadStream(path)) };
};

/** Stores the plan in words, as Terraform shows it, without the secrets that this would let through. */
export const storePlanText = (
  deps: TerraformDependencies,
  place: TerraformWorkspace,
  file: string,
  scrub: Redact,
): Promise<ArtifactRef> =>
  readOutput(deps, place, ['show', '-no-color', file], (stdout) =>
    deps.artifacts.put(place.key('plan.txt'), Readable.from(scrubbed(stdout, scrub), { objectMode: false })),
  );
