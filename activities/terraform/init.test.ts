import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireTerraform } from './prerequisites.ts';
import { createTerraformActivities } from './terraform-activities.ts';
import { createWorkbench } from './testing/workbench.ts';

let bench: Awaited<ReturnType<typeof createWorkbench>>;
let activities: ReturnType<typeof createTerraformActivities>;

/** A Terraform that writes down the words with which it is started. */
beforeEach(async () => {
  bench = await createWorkbench(process.env);
  const terraform = requireTerraform(null, process.env, 'testing');
  const noting = join(bench.folder, 'noting');
  const script = `#!/bin/sh\necho "$1" >> '${bench.folder}/words'\nexec '${terraform}' "$@"\n`;
  await writeFile(noting, script, { mode: 0o755 });
  activities = createTerraformActivities({ ...bench.deps, terraformBin: noting });
  await bench.write('resource "terraform_data" "a" {}\n');
});
afterEach(() => bench.remove());

const begun = async (): Promise<readonly string[]> => {
  const words = (await readFile(join(bench.folder, 'words'), 'utf8')).split('\n');
  return words.filter((word) => ['init', 'plan', 'apply'].includes(word));
};

const plan = async (given = bench.input()) =>
  (await bench.inActivity(() => activities.terraformPlan(given))).plan;

const apply = async (saved: Awaited<ReturnType<typeof plan>>, given = bench.input()) => {
  const approved = await bench.approve(saved, given);
  return bench.inActivity(() => activities.terraformApply(approved));
};

test('an apply where the plan was made begins at once', async () => {
  const saved = await plan();
  await apply(saved);
  await bench.inActivity(() => activities.terraformOutput(bench.input()));
  expect(await begun()).toEqual(['init', 'plan', 'apply']);
});

test('an apply in a worktree that was made again sets it up first', async () => {
  const saved = await plan();
  await rm(join(bench.code, '.terraform'), { recursive: true });
  const { applied } = await apply(saved);
  expect(applied.added).toBe(1);
  expect(await begun()).toEqual(['init', 'plan', 'init', 'apply']);
});

test('other settings of the backend are set up first', async () => {
  const saved = await plan();
  const moved = bench.input({ backend: { path: join(bench.folder, 'other.tfstate') } });
  await apply(saved, moved);
  expect(await begun()).toEqual(['init', 'plan', 'init', 'apply']);
});

test('a new plan always sets up afresh, so that a retry mends what is broken there', async () => {
  await plan();
  await plan();
  expect(await begun()).toEqual(['init', 'plan', 'init', 'plan']);
});
