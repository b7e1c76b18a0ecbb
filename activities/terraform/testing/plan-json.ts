import { Readable } from 'node:stream';
import { readPlan } from '../summary/read-plan.ts';

/** One resource change as Terraform's JSON has it, from the little that a test is about. */
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

/** Reads a plan made by hand, through the same door as one of Terraform's. */
export const readMade = (plan: Readonly<Record<string, unknown>>) => {
  const text = JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    errored: false,
    ...plan,
  });
  const chunks = text.match(/[\s\S]{1,4096}/g) ?? [];
  return readPlan(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));
};

export const summaryOf = async (...resource_changes: readonly object[]) =>
  (await readMade({ resource_changes })).summary;
