import type { Payload } from '@temporalio/common';
import { z } from 'zod';

const base64 = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9+/]*={0,2}$/)
    .transform((text) => Buffer.from(text, 'base64'));

const payload = z.object({ metadata: z.record(z.string(), base64()).nullish(), data: base64().nullish() });

/** JSON of protobuf leaves out a list that is empty: a query without arguments is `{}`. */
const body = z.object({ payloads: z.array(payload).nullish() });

/** The payloads of a request as Temporal's tools write them in JSON, or null when it is none. */
export const readPayloads = (sent: unknown): Payload[] | null => {
  const read = body.safeParse(sent);
  if (!read.success) return null;
  return (read.data.payloads ?? []).map(({ metadata, data }) => ({
    ...(metadata ? { metadata } : {}),
    ...(data ? { data } : {}),
  }));
};

const write = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The same for an answer. */
export const writePayloads = (payloads: readonly Payload[]) => ({
  payloads: payloads.map(({ metadata, data }) => ({
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, write(value)])),
    data: write(data ?? new Uint8Array()),
  })),
});
