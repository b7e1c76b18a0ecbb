import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing } from './keys.ts';
import { requireKey, seal, unseal } from './sealed.ts';

const PayloadProto = proto.temporal.api.common.v1.Payload;

/** The encoding that Temporal's samples and tools use for an encrypted payload. */
const encryptedEncoding = 'binary/encrypted';
const keyIdName = 'encryption-key-id';

const toText = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();

/** True for a payload that this codec encrypted. The codec leaves all others unchanged. */
export const isEncrypted = ({ metadata }: Payload): boolean =>
  toText(metadata?.encoding) === encryptedEncoding;

/**
 * Encrypts payloads to Temporal and decrypts payloads from it. Clear payloads stay readable, so encryption can
 * be enabled while runs are open, and a terminal can send signals.
 */
export const createPayloadCodec = (ring: KeyRing): PayloadCodec => ({
  async encode(payloads) {
    const key = ring.active;
    if (!key) return payloads;
    const keyId = Buffer.from(key.id);
    return payloads.map((payload) =>
      isEncrypted(payload)
        ? payload
        : {
            metadata: { encoding: Buffer.from(encryptedEncoding), [keyIdName]: keyId },
            data: seal(key, PayloadProto.encode(payload).finish(), keyId),
          },
    );
  },
  async decode(payloads) {
    return payloads.map((payload) => {
      if (!isEncrypted(payload)) return payload;
      const key = requireKey(ring, toText(payload.metadata?.[keyIdName]));
      return PayloadProto.decode(unseal(key, payload.data ?? new Uint8Array(), Buffer.from(key.id)));
    });
  },
});
