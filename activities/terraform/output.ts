import type { Readable } from 'node:stream';
import type { OutputValue, TerraformActivities } from '../../workflows/contract/activities.ts';
import { ensureInitialized } from './init.ts';
import { pickJson } from './json/pick-json.ts';
import { readOutput } from './read-command-output.ts';
import { createBaseRedactor, createRedactor, type Redact } from './secrets/redactor.ts';
import { createSensitiveValues } from './secrets/sensitive-values.ts';
import type { TerraformDependencies } from './workspace.ts';
import { type TerraformWorkspace, withWorkspace } from './workspace.ts';

interface RawOutput {
  readonly sensitive?: boolean;
  readonly value?: unknown;
}

const maxValueLength = 200;

const readOutputs = async (stdout: Readable): Promise<readonly (readonly [string, RawOutput])[]> => {
  const outputs: (readonly [string, RawOutput])[] = [];
  const picker = pickJson(
    (path) => (path.length === 0 ? 'enter' : 'take'),
    ([name = ''], value) => outputs.push([name, value as RawOutput]),
  );
  for await (const chunk of stdout) picker.write(chunk);
  picker.end();
  return outputs;
};

const resource = /^values\/root_module(\/child_modules\/\*)*\/resources\/\*$/;
const above = /^(|values(\/root_module(\/child_modules(\/\*)?|\/resources)*)?)$/;

/** Marks do not follow a value out of a resource, so an output may hold what is secret inside the state. */
const readSecrets = async (stdout: Readable): Promise<Redact> => {
  const secrets = createSensitiveValues();
  const picker = pickJson(
    (path) => {
      const name = path.join('/');
      return resource.test(name) ? 'take' : above.test(name) ? 'enter' : 'skip';
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

const shown = (
  [name, { sensitive = false, value }]: readonly [string, RawOutput],
  scrub: Redact,
): OutputValue => {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
  return {
    name,
    sensitive,
    value: isScalar && !sensitive ? scrub(String(value)).slice(0, maxValueLength) : null,
  };
};

const outputsIn = async (deps: TerraformDependencies, place: TerraformWorkspace) => {
  await ensureInitialized(deps, place);
  const outputs = await readOutput(deps, place, ['output', '-json', '-no-color'], readOutputs);
  if (outputs.every(([, { sensitive }]) => sensitive))
    return { outputs: outputs.map((one) => shown(one, String)) };
  const marked = await readOutput(deps, place, ['show', '-json', '-no-color'], readSecrets);
  const base = createBaseRedactor(deps, place);
  return { outputs: outputs.map((output) => shown(output, (text) => base(marked(text)))) };
};

/** `terraform_output`: what the code hands on, without what Terraform marks as sensitive. */
export const createTerraformOutput =
  (deps: TerraformDependencies): TerraformActivities['terraformOutput'] =>
  (input) =>
    withWorkspace(deps, input, 'reading the outputs of', (place) => outputsIn(deps, place));
