import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireTerraform } from './prerequisites.ts';
import { createTerraformActivities } from './terraform-activities.ts';
import { createTerraformFixture } from './testing/terraform-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTerraformFixture>>;
let activities: ReturnType<typeof createTerraformActivities>;

/** A Terraform that records the subcommand of every call. */
beforeEach(async () => {
  fixture = await createTerraformFixture(process.env);
  const terraform = requireTerraform(null, process.env, 'testing');
  const recording = join(fixture.folder, 'recording');
  const script = `#!/bin/sh\necho "$1" >> '${fixture.folder}/subcommands'\nexec '${terraform}' "$@"\n`;
  await writeFile(recording, script, { mode: 0o755 });
  activities = createTerraformActivities({ ...fixture.deps, terraformBin: recording });
  await fixture.write('resource "terraform_data" "a" {}\n');
});
afterEach(() => fixture.remove());

const readSubcommands = async (): Promise<readonly string[]> => {
  const lines = (await readFile(join(fixture.folder, 'subcommands'), 'utf8')).split('\n');
  return lines.filter((line) => ['init', 'plan', 'apply'].includes(line));
};

const plan = async (given = fixture.input()) =>
  (await fixture.inActivity(() => activities.terraformPlan(given))).plan;

const apply = async (saved: Awaited<ReturnType<typeof plan>>, given = fixture.input()) => {
  const approved = await fixture.approve(saved, given);
  return fixture.inActivity(() => activities.terraformApply(approved));
};

test('An apply in the worktree of its plan does not run init again', async () => {
  const saved = await plan();
  await apply(saved);
  await fixture.inActivity(() => activities.terraformOutput(fixture.input()));
  expect(await readSubcommands()).toEqual(['init', 'plan', 'apply']);
});

test('An apply in a recreated worktree runs init first', async () => {
  const saved = await plan();
  await rm(join(fixture.code, '.terraform'), { recursive: true });
  const { applied } = await apply(saved);
  expect(applied.added).toBe(1);
  expect(await readSubcommands()).toEqual(['init', 'plan', 'init', 'apply']);
});

test('An apply with changed backend settings runs init first', async () => {
  const saved = await plan();
  const moved = fixture.input({ backend: { path: join(fixture.folder, 'other.tfstate') } });
  await apply(saved, moved);
  expect(await readSubcommands()).toEqual(['init', 'plan', 'init', 'apply']);
});

test('A new plan always runs init, so that a retry repairs a broken worktree', async () => {
  await plan();
  await plan();
  expect(await readSubcommands()).toEqual(['init', 'plan', 'init', 'plan']);
});
