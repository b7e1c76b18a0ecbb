import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { createLineSplitter } from '../process/line-splitter.ts';
import { createLineScrub } from '../process/scrub.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { createPolicyPlan } from './policy-plan.ts';
import { readOutput } from './read-output.ts';
import { baseScrub } from './secrets/base-scrub.ts';
import type { Scrub } from './secrets/scrubber.ts';
import { type PlanReading, type PlanWitness, readPlan } from './summary/summarise.ts';
import type { Workplace } from './workplace.ts';

/** Reads what a plan file would do, and what in it is secret. */
export const readPlanFile = async (
  deps: TerraformDependencies,
  place: Workplace,
  file: string,
  witness?: PlanWitness,
): Promise<PlanReading> => {
  const show = ['show', '-json', '-no-color', file];
  const reading = await readOutput(deps, place, show, (json) => readPlan(json, witness));
  const base = baseScrub(deps, place);
  return { ...reading, scrub: (text) => base(reading.scrub(text)) };
};

async function* scrubbed(text: Readable, scrub: Scrub): AsyncGenerator<Buffer> {
  const lines = createLineSplitter();
  const clean = createLineScrub(scrub);
  const join = (list: readonly string[]) => Buffer.from(list.map((line) => `${clean(line)}\n`).join(''));
  for await (const chunk of text) yield join(lines.add(chunk));
  yield join(lines.end());
}

/** The same, and the plan as the policy judges it, which goes to the artifact store. */
export const readAndStorePlan = async (
  deps: TerraformDependencies,
  place: Workplace,
  file: string,
  name: string,
): Promise<PlanReading & { json: ArtifactRef }> => {
  const path = join(place.scratch, 'policy-plan.json');
  using plan = createPolicyPlan(path);
  const reading = await readPlanFile(deps, place, file, plan);
  plan.end();
  return { ...reading, json: await deps.artifacts.put(place.key(name), createReadStream(path)) };
};

/** Stores the plan in words, as Terraform shows it, without the secrets that this would let through. */
export const storePlanText = (
  deps: TerraformDependencies,
  place: Workplace,
  file: string,
  scrub: Scrub,
): Promise<ArtifactRef> =>
  readOutput(deps, place, ['show', '-no-color', file], (stdout) =>
    deps.artifacts.put(place.key('plan.txt'), Readable.from(scrubbed(stdout, scrub), { objectMode: false })),
  );
