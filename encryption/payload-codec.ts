import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing } from './keys.ts';
import { requireKey, seal, unseal } from './sealed.ts';

const PayloadProto = proto.temporal.api.common.v1.Payload;

/** How Temporal's own samples and tools mark an encrypted payload. */
const encryptedEncoding = 'binary/encrypted';
const keyIdName = 'encryption-key-id';

const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();

/** Whether a payload is one of ours: no other is touched. */
export const isEncrypted = ({ metadata }: Payload): boolean =>
  textOf(metadata?.encoding) === encryptedEncoding;

/**
 * Encrypts what goes to Temporal and decrypts what comes back. A payload in clear is read as it stands, so
 * that encryption can be switched on under running work, and a signal can be typed in a terminal.
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
      const key = requireKey(ring, textOf(payload.metadata?.[keyIdName]));
      return PayloadProto.decode(unseal(key, payload.data ?? new Uint8Array(), Buffer.from(key.id)));
    });
  },
});
