import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTerraformFixture } from './testing/terraform-fixture.ts';

let fixture: Awaited<ReturnType<typeof createTerraformFixture>>;
beforeEach(async () => {
  fixture = await createTerraformFixture(process.env);
});
afterEach(() => fixture.remove());

interface PolicyPlan {
  readonly errored: boolean;
  readonly format_version: string;
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: { readonly actions: readonly string[]; readonly after: unknown };
  }[];
  readonly output_changes: Record<string, unknown>;
}

const readPolicyPlan = async (): Promise<PolicyPlan> =>
  JSON.parse(await fixture.read((await fixture.plan()).plan.json)) as PolicyPlan;

describe('The plan for the policy', () => {
  test('contains every change with its values, and masks sensitive ones', async () => {
    await fixture.write(`
      variable "password" {
        default   = "hunter2hunter2"
        sensitive = true
      }
      resource "terraform_data" "db" {
        input = { user = "admin", password = var.password, hosts = ["10.0.0.0/8", var.password] }
      }
      output "who" { value = "admin" }
    `);
    const plan = await readPolicyPlan();
    expect(plan).toMatchObject({ errored: false, format_version: expect.stringMatching(/^1\./) });
    expect(plan.resource_changes).toMatchObject([
      {
        address: 'terraform_data.db',
        type: 'terraform_data',
        mode: 'managed',
        change: {
          actions: ['create'],
          after: {
            input: { user: 'admin', password: '(sensitive)', hosts: ['10.0.0.0/8', '(sensitive)'] },
          },
        },
      },
    ]);
    expect(plan.output_changes).toEqual({ who: { actions: ['create'] } });
    expect(JSON.stringify(plan)).not.toContain('hunter2');
  });

  test('does not mask a value that equals a secret elsewhere, because the rules must see it', async () => {
    await fixture.write(`
      variable "password" {
        default   = "admin"
        sensitive = true
      }
      resource "terraform_data" "secret" { input = var.password }
      resource "terraform_data" "temporalcloud_user" { input = { account_access = "admin" } }
    `);
    const { plan } = await fixture.plan();
    const { verdict } = await fixture.activities.evaluatePolicy({ ...fixture.input(), plan });
    expect(verdict.violations).toMatchObject([{ rule: 'admin_user', level: 'soft' }]);
  });

  test('is complete even if the code has no resources', async () => {
    await fixture.write('');
    expect(await readPolicyPlan()).toMatchObject({ resource_changes: [], errored: false });
  });
});
