import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SavedPlan } from '../../../workflows/contract/plan.ts';
import type { StackTarget } from '../../../workflows/contract/target.ts';
import { sampleStack } from '../../../workflows/testing/samples.ts';
import { createStackCopies } from '../../stacks/stack-copies.ts';
import { createDetectDrift } from '../detect-drift.ts';
import { createTerraformInit } from '../terraform-activities.ts';
import type { TerraformDependencies } from '../workspace.ts';
import { createTerraformFixture } from './terraform-fixture.ts';

interface StackOptions {
  /** Terraform code, or a folder of it. */
  readonly code: string | { readonly folder: string };
  /** The PATH. */
  readonly path: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  readonly terraform?: Partial<NonNullable<StackTarget['terraform']>>;
  readonly requires?: readonly string[];
  readonly overrides?: Partial<TerraformDependencies>;
}

/** A stack with real Terraform, and the activities of its runs and drift checks. */
export const createStackFixture = async ({
  code,
  path,
  env = {},
  terraform,
  requires = [],
  overrides,
}: StackOptions) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-stack-test-'));
  const stack = sampleStack('network');
  const source = join(folder, stack.directory);
  await mkdir(source, { recursive: true });
  if (typeof code === 'string') await writeFile(join(source, 'main.tf'), code);
  else await cp(code.folder, source, { recursive: true });
  const copies = createStackCopies({ dataDir: join(folder, 'worker') });
  const target: StackTarget = {
    ...stack,
    source,
    terraform: { directory: '.', backend: {}, variables: {}, ...terraform },
    requires,
  };
  const fixture = await createTerraformFixture(
    { PATH: path, HOME: folder },
    { ...overrides, env, checkout: ({ revision }) => copies.restore(target, revision) },
  );
  const { activities, inActivity } = fixture;
  const terraformInit = createTerraformInit(fixture.deps, copies);

  /** The activities of one run. */
  const run = (workflowId = 'provision-network-test') => {
    const input = { workflowId, attempt: 1, target };
    let revision = '';
    const init = async () => {
      const done = await inActivity(() => terraformInit(input));
      ({ revision } = done);
      return done;
    };
    const plan = async (destroy = false) => {
      if (revision === '') await init();
      return (await inActivity(() => activities.terraformPlan({ ...input, revision, destroy }))).plan;
    };
    const apply = async (saved: SavedPlan, destroy = false) => {
      const given = { ...input, revision, destroy, plan: saved };
      const approved = { ...given, ...(await activities.evaluatePolicy(given)) };
      return (await inActivity(() => activities.terraformApply(approved))).applied;
    };
    const outputs = async () =>
      (await inActivity(() => activities.terraformOutput({ ...input, revision }))).outputs;
    return { init, plan, apply, outputs };
  };

  const driftCopies = createStackCopies({ dataDir: join(folder, 'worker', 'drift') });
  const detectDrift = createDetectDrift(fixture.deps, driftCopies);

  return {
    folder,
    source,
    fixture,
    run,
    detectDrift: () => inActivity(() => detectDrift({ workflowId: 'drift-network', target })),
    remove: async (): Promise<void> => {
      await fixture.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
