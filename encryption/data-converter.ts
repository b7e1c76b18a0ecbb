import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { KeyRing } from './keys.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** Path of the failure converter for the workflow bundle; undefined when this process encrypts nothing. */
export const failureConverterPath = ({ active }: KeyRing): string | undefined =>
  active ? fileURLToPath(new URL('./failure-converter.ts', import.meta.url)) : undefined;

/** The data converter of clients and workers: decrypts with every key, encrypts with the active key. */
export const createDataConverter = (ring: KeyRing): DataConverter => {
  if (ring.byId.size === 0) return {};
  const path = failureConverterPath(ring);
  return {
    payloadCodecs: [createPayloadCodec(ring)],
    ...(path === undefined ? {} : { failureConverterPath: path }),
  };
};
