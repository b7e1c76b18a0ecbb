/** How much of a file is encrypted at once. */
export const frameBytes = 64 * 1024;

/** Begins every encrypted file; no text and no Terraform plan begins so. */
export const magic = Buffer.from('\x00QDSEAL1', 'latin1');

/** The magic, the length of the key's id in one byte, the id. */
export const encodeHeader = (keyId: string): Buffer =>
  Buffer.concat([magic, Buffer.from([keyId.length]), Buffer.from(keyId)]);

/** The id and the length of a header, or null while `bytes` does not hold all of it. */
export const decodeHeader = (bytes: Buffer): { readonly keyId: string; readonly header: Buffer } | null => {
  const idLength = bytes[magic.length];
  if (idLength === undefined) return null;
  const end = magic.length + 1 + idLength;
  if (bytes.length < end) return null;
  return {
    keyId: bytes.subarray(magic.length + 1, end).toString(),
    header: Buffer.from(bytes.subarray(0, end)),
  };
};

/** Before each frame: how long it is. */
export const lengthBytes = 4;

export const encodeLength = (length: number): Buffer => {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUInt32BE(length);
  return bytes;
};

/** What a frame is signed with, so that none can be left out, repeated, moved or taken for the last. */
export const bindFrame = (header: Buffer, count: number, isLast: boolean): Buffer => {
  const place = Buffer.alloc(9);
  place.writeBigUInt64BE(BigInt(count));
  place[8] = isLast ? 1 : 0;
  return Buffer.concat([header, place]);
};
