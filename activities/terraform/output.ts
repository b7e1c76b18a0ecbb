import type { Readable } from 'node:stream';
import type { OutputValue, TerraformActivities } from '../../workflows/contract/activities.ts';
import { truncateEnd } from '../process/output-lines.ts';
import type { Redact } from '../process/redact.ts';
import { ensureInitialized } from './init.ts';
import { pickJson } from './json/pick-json.ts';
import { readCommandOutput } from './read-command-output.ts';
import { createBaseRedactor, createRedactor } from './secrets/redactor.ts';
import { createSensitiveValues } from './secrets/sensitive-values.ts';
import { type TerraformDependencies, type TerraformWorkspace, withWorkspace } from './workspace.ts';

interface RawOutput {
  readonly sensitive?: boolean;
  readonly value?: unknown;
}

const maxValueLength = 200;

const parseOutputs = async (stdout: Readable): Promise<readonly (readonly [string, RawOutput])[]> => {
  const outputs: (readonly [string, RawOutput])[] = [];
  const picker = pickJson(
    (path) => (path.length === 0 ? 'enter' : 'take'),
    ([name = ''], value) => outputs.push([name, value as RawOutput]),
  );
  for await (const chunk of stdout) picker.write(chunk);
  picker.end();
  return outputs;
};

const resourcePath = /^values\/root_module(\/child_modules\/\*)*\/resources\/\*$/;
const parentPath = /^(|values(\/root_module(\/child_modules(\/\*)?|\/resources)*)?)$/;

/**
 * Redacts the sensitive values of the state. Terraform does not always carry the mark of a resource's attribute
 * over to an output.
 */
const parseStateRedactor = async (stdout: Readable): Promise<Redact> => {
  const secrets = createSensitiveValues();
  const picker = pickJson(
    (path) => {
      const name = path.join('/');
      return resourcePath.test(name) ? 'take' : parentPath.test(name) ? 'enter' : 'skip';
    },
    (_, value) => {
      const { values, sensitive_values: marks } = value as { values?: unknown; sensitive_values?: unknown };
      secrets.addMarked(values, marks);
    },
  );
  for await (const chunk of stdout) picker.write(chunk);
  picker.end();
  return createRedactor(secrets.values);
};

const toOutputValue = (
  [name, { sensitive = false, value }]: readonly [string, RawOutput],
  redact: Redact,
): OutputValue => {
  const isShown = !sensitive && ['string', 'number', 'boolean'].includes(typeof value);
  return { name, sensitive, value: isShown ? truncateEnd(redact(String(value)), maxValueLength) : null };
};

const readOutputs = async (deps: TerraformDependencies, workspace: TerraformWorkspace) => {
  await ensureInitialized(deps, workspace);
  const outputs = await readCommandOutput(deps, workspace, ['output', '-json', '-no-color'], parseOutputs);
  if (outputs.every(([, { sensitive }]) => sensitive))
    return { outputs: outputs.map((output) => toOutputValue(output, String)) };
  const redactState = await readCommandOutput(
    deps,
    workspace,
    ['show', '-json', '-no-color'],
    parseStateRedactor,
  );
  const redactBase = createBaseRedactor(deps, workspace);
  return { outputs: outputs.map((output) => toOutputValue(output, (text) => redactBase(redactState(text)))) };
};

/**
 * `terraform_output`: the outputs of the code. Sensitive values and values that are not scalars are null; texts are
 * at most 200 characters.
 * @throws planFailed (retried up to 5 attempts), initFailed (retried when transient), interrupted (retried);
 *   noBackend, catalogInvalid, missingCredentials, terraformMissing (not retried).
 * @see https://developer.hashicorp.com/terraform/cli/commands/output
 */
export const createTerraformOutput =
  (deps: TerraformDependencies): TerraformActivities['terraformOutput'] =>
  (input) =>
    withWorkspace(deps, input, 'reading the outputs of', (workspace) => readOutputs(deps, workspace));
