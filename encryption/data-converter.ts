import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from './keys.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** For the bundle of the workflows, which makes failures too; undefined where nothing is encrypted. */
export const failureConverterPath = ({ active }: KeyRing): string | undefined =>
  active ? fileURLToPath(new URL('./failure-converter.ts', import.meta.url)) : undefined;

/** What a client and a worker need to read, and to write, what is encrypted. */
export const createDataConverter = (ring: KeyRing): DataConverter => {
  if (ring.byId.size === 0) return {};
  const path = failureConverterPath(ring);
  return {
    payloadCodecs: [createPayloadCodec(ring)],
    ...(path === undefined ? {} : { failureConverterPath: path }),
  };
};
