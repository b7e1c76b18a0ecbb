import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { createLineSplitter } from '../process/line-splitter.ts';
import { createLineScrub } from '../process/scrub.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { readOutput } from './read-output.ts';
import { baseScrub } from './secrets/base-scrub.ts';
import type { Scrub } from './secrets/scrubber.ts';
import { type PlanReading, readPlan } from './summary/summarise.ts';
import type { Workplace } from './workplace.ts';

/** Reads what a plan file would do, and what in it is secret. */
export const readPlanFile = async (
  deps: TerraformDependencies,
  place: Workplace,
  file: string,
): Promise<PlanReading> => {
  const reading = await readOutput(deps, place, ['show', '-json', '-no-color', file], readPlan);
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
