const reasons = {
  unknown: (id: string) =>
    `it was encrypted with the key "${id}", which is not in ENCRYPTION_KEYS of this process: add it again, behind the first`,
  changed: (id: string) =>
    `the key "${id}" of ENCRYPTION_KEYS does not fit it: another key has that id here, or the text was changed`,
};

const printable = (id: string): string => id.replace(/[^A-Za-z0-9_.-]/g, '?').slice(0, 64);

/** Something is encrypted and this process cannot read it. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';

  constructor(keyId: string, reason: keyof typeof reasons) {
    super(`decrypting: ${reasons[reason](printable(keyId))}`);
  }
}
