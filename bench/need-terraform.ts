import { findTerraform } from '../activities/terraform/prerequisites.ts';

/** The Terraform to measure with. Throws when none is installed. */
export const requireTerraform = (): string => {
  const terraform = findTerraform(process.env.TERRAFORM_BIN ?? null, process.env);
  if (terraform === null) throw new Error('this benchmark needs terraform or tofu');
  return terraform;
};
