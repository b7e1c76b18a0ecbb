import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const catalog = (stateServer: string): string => `stacks:
  network:
    directory: stacks/network
    backend: { path: state/network.tfstate }
  shared-network:
    directory: stacks/shared-network
    # Terraform must not retry: the run does.
    backend: { address: '${stateServer}/shared-network', retry_max: 0 }
  admin-user:
    directory: stacks/admin-user
    backend: { path: state/admin-user.tfstate }
    approval: { approvers: [ada@example.com], when: on-policy-failure }
  account-owner:
    directory: stacks/account-owner
    backend: { path: state/account-owner.tfstate }
  tcloud-namespace:
    directory: stacks/tcloud-namespace
    backend: { path: state/tcloud-namespace.tfstate }
    requires: [TEMPORAL_CLOUD_API_KEY]
`;

/** Writes a catalog and its stacks. Returns the catalog's path. */
export const writeCatalog = async (folder: string, stateServer: string): Promise<string> => {
  await cp(join(root, 'terraform', 'stacks'), join(folder, 'stacks'), { recursive: true });
  await mkdir(join(folder, 'state'), { recursive: true });
  const path = join(folder, 'quarterdeck.yaml');
  await writeFile(path, catalog(stateServer));
  return path;
};

/** The bug is added before this line of the worker. */
const anchor = 'terraformInit: createTerraformInit(terraform, copies),';
const bug = 'terraformPlan: () => { throw new TypeError("a bug: the plan is undefined"); },';

/** The folder of the worker's unchanged code. */
export const sourceRoot = root;

/** Copies the worker's code and adds a bug to `terraform_plan`. Returns the copy's folder. */
export const copyWithBug = async (folder: string): Promise<string> => {
  const copy = join(folder, 'code');
  const parts = ['activities', 'encryption', 'runtime', 'terraform/policies', 'worker', 'workflows'];
  for (const part of [...parts, 'package.json'])
    await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, 'worker', 'create-activities.ts');
  const code = await readFile(file, 'utf8');
  if (!code.includes(anchor))
    throw new Error(
      `adding a bug to a copy of the worker: worker/create-activities.ts has no line "${anchor}"`,
    );
  await writeFile(file, code.replace(anchor, `${bug}\n${anchor}`));
  return copy;
};
