import { Readable } from 'node:stream';
import { readPlan } from '../summary/read-plan.ts';

/** A resource change in Terraform's JSON format, from the parts that matter to a test. */
export const resource = (
  address: string,
  actions: readonly string[],
  change: Readonly<Record<string, unknown>>,
) => {
  const { action_reason, previous_address, deposed, ...rest } = change;
  return {
    address,
    ...(action_reason ? { action_reason } : {}),
    ...(previous_address ? { previous_address } : {}),
    ...(deposed ? { deposed } : {}),
    mode: 'managed',
    type: address.split('.').at(-2)?.replace(/^.*\]/, '') ?? 'aws_thing',
    change: {
      actions,
      before: null,
      after: null,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
      ...rest,
    },
  };
};

export const update = (
  address: string,
  before: object,
  after: object,
  more: Readonly<Record<string, unknown>> = {},
) => resource(address, ['update'], { before, after, ...more });

/** Reads a plan from an object, in chunks, as one from Terraform. */
export const readPlanObject = (plan: Readonly<Record<string, unknown>>) => {
  const text = JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    errored: false,
    ...plan,
  });
  const chunks = text.match(/[\s\S]{1,4096}/g) ?? [];
  return readPlan(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
};

export const readSummary = async (...resource_changes: readonly object[]) =>
  (await readPlanObject({ resource_changes })).summary;
