const reasons = {
  unknown: (id: string) =>
    `the key "${id}" is missing from ENCRYPTION_KEYS of this process. Add it after the first key`,
  changed: (id: string) =>
    `the key "${id}" of ENCRYPTION_KEYS does not match. Another key has that ID, or the data was changed`,
};

const printable = (id: string): string => id.replace(/[^A-Za-z0-9_.-]/g, '?').slice(0, 64);

/** This process cannot decrypt the data: its key is unknown, or the data was changed. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';

  constructor(keyId: string, reason: keyof typeof reasons) {
    super(`decrypting: ${reasons[reason](printable(keyId))}`);
  }
}
