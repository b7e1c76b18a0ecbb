import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { createLineSplitter } from '../process/output-lines.ts';
import { createLineRedactor, type Redact } from '../process/redact.ts';
import { readCommandOutput } from './read-command-output.ts';
import { createBaseRedactor } from './secrets/redactor.ts';
import { maskSensitive } from './secrets/sensitive-values.ts';
import type { Change, ResourceChange } from './summary/plan-json.ts';
import { type PlanReading, type PlanVisitor, readPlan } from './summary/read-plan.ts';
import type { TerraformDependencies, TerraformWorkspace } from './workspace.ts';

/**
 * Reads a plan file with `terraform show -json`: its summary, and which of its values are sensitive.
 * @throws planFailed (retried up to 5 attempts).
 * @see https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
export const readPlanFile = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  file: string,
  visitor?: PlanVisitor,
): Promise<PlanReading> => {
  const args = ['show', '-json', '-no-color', file];
  const reading = await readCommandOutput(deps, workspace, args, (json) => readPlan(json, visitor));
  const redactBase = createBaseRedactor(deps, workspace);
  return { ...reading, redact: (text) => redactBase(reading.redact(text)) };
};

const toPolicyChange = (change: Change) => ({
  actions: change.actions,
  before: maskSensitive(change.before, change.before_sensitive),
  after: maskSensitive(change.after, change.after_sensitive),
  after_unknown: change.after_unknown,
  replace_paths: change.replace_paths,
  importing: change.importing,
});

const plainFields = new Set(['format_version', 'terraform_version', 'errored', 'complete', 'applyable']);

/**
 * Writes the plan for the policy: every change with its values, except those that Terraform marks as sensitive.
 * No other value is masked: a rule that searches for "admin" must find it, even if "admin" is also a password.
 * Writes change by change into a file, because a plan may be larger than memory.
 */
const createPolicyPlanWriter = (path: string) => {
  const file = openSync(path, 'w', 0o600);
  const fields: Record<string, unknown> = { errored: false };
  const checks: unknown[] = [];
  const outputs: Record<string, unknown> = {};
  let separator = '';
  writeSync(file, '{"resource_changes":[');

  return {
    resource(resource: ResourceChange): void {
      const { change, ...facts } = resource;
      writeSync(file, `${separator}\n${JSON.stringify({ ...facts, change: toPolicyChange(change) })}`);
      separator = ',';
    },
    part([first = '', name = '']: readonly string[], value: unknown): void {
      if (plainFields.has(first)) fields[first] = value;
      else if (first === 'checks') checks.push(value);
      else if (first === 'output_changes') outputs[name] = { actions: (value as Change).actions };
    },
    /** Completes the document. */
    end(): void {
      writeSync(file, `\n],${JSON.stringify({ ...fields, checks, output_changes: outputs }).slice(1)}\n`);
    },
    [Symbol.dispose]: (): void => closeSync(file),
  };
};

/**
 * Reads a plan file, and stores the JSON that the policy evaluates as artifact `name`.
 * @throws planFailed, storageFailed (both retried).
 */
export const readAndStorePlan = async (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  file: string,
  name: string,
): Promise<PlanReading & { json: ArtifactRef }> => {
  const path = join(workspace.tempDir, 'policy-plan.json');
  using writer = createPolicyPlanWriter(path);
  const reading = await readPlanFile(deps, workspace, file, writer);
  writer.end();
  return { ...reading, json: await deps.artifacts.put(workspace.key(name), createReadStream(path)) };
};

async function* redactLines(text: Readable, redact: Redact): AsyncGenerator<Buffer> {
  const lines = createLineSplitter();
  const redactLine = createLineRedactor(redact);
  const toBuffer = (list: readonly string[]) =>
    Buffer.from(list.map((line) => `${redactLine(line)}\n`).join(''));
  for await (const chunk of text) yield toBuffer(lines.add(chunk));
  yield toBuffer(lines.end());
}

/**
 * Stores the plan as text, as `terraform show` prints it, with secrets redacted.
 * @throws planFailed, storageFailed (both retried).
 */
export const storePlanText = (
  deps: TerraformDependencies,
  workspace: TerraformWorkspace,
  file: string,
  redact: Redact,
): Promise<ArtifactRef> =>
  readCommandOutput(deps, workspace, ['show', '-no-color', file], (stdout) =>
    deps.artifacts.put(
      workspace.key('plan.txt'),
      Readable.from(redactLines(stdout, redact), { objectMode: false }),
    ),
  );
