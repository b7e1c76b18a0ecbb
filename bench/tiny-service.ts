import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../scripts/demo/git.ts';

const code = `terraform {
  backend "local" {}
}

variable "environment" {
  type = string
}

resource "terraform_data" "thing" {
  input = var.environment
}
`;

const environment = (name: string, approval: string): string =>
  `      ${name}:
        approval: ${approval}
        terraform: { backend: { path: state/${name}.tfstate } }
`;

/** Creates a service with almost nothing to deploy, in several environments. Grace approves. */
export const createTinyService = async (
  folder: string,
  environments: number,
  approval = '{ approvers: [grace@example.com], timeout: 2h }',
): Promise<{ readonly catalog: string }> => {
  const work = join(folder, 'tiny');
  await mkdir(join(work, 'terraform'), { recursive: true });
  await writeFile(join(work, 'terraform', 'main.tf'), code);
  await git(work, ['init', '--quiet', '--initial-branch=main']);
  await git(work, ['add', '--all']);
  const author = { name: 'Ada', email: 'ada@example.com' };
  await git(work, ['commit', '--quiet', '--message', 'Begin'], author);
  const catalog = join(folder, 'quarterdeck.yaml');
  const names = Array.from({ length: environments }, (_, index) => `e${index + 1}`);
  await writeFile(
    catalog,
    `services:
  tiny:
    repo: ./tiny
    terraform: terraform
    environments:
${names.map((name) => environment(name, approval)).join('')}`,
  );
  return { catalog };
};
