/** An AES-256 key and its ID. Encrypted data names its key by that ID. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** The keys of a team, newest first. */
export interface KeyRing {
  /** Encrypts new data; null when this process only decrypts. */
  readonly active: EncryptionKey | null;
  readonly byId: ReadonlyMap<string, EncryptionKey>;
}

/** The ring of a process without keys, which reads clear data only. */
export const noKeys: KeyRing = { active: null, byId: new Map() };

const idRule = /^[A-Za-z0-9_.-]{1,64}$/;
const secretBytes = 32;

/** The problem of one entry, without its text, because the text holds a key. */
const findProblem = (entry: string, position: number, ids: ReadonlySet<string>): string | null => {
  const colon = entry.indexOf(':');
  if (colon < 0) return `entry ${position} needs a ":" between the key ID and the key`;
  const id = entry.slice(0, colon);
  if (!idRule.test(id))
    return `the ID of entry ${position} must be 1 to 64 letters, digits, dots, dashes or underscores`;
  if (ids.has(id)) return `duplicate key ID "${id}"`;
  const written = entry.slice(colon + 1);
  const secret = Buffer.from(written, 'base64');
  const isBase64 = secret.toString('base64').replace(/=+$/, '') === written.replace(/=+$/, '');
  if (isBase64 && secret.length === secretBytes) return null;
  return `the key "${id}" must be ${secretBytes} bytes in base64; create one with: openssl rand -base64 ${secretBytes}`;
};

/**
 * Parses `id:base64,id:base64`. The first key encrypts when `encrypts` is true; all keys decrypt.
 * @returns the ring, or every problem as a sentence that never quotes a key.
 */
export const readKeys = (
  text: string,
  { encrypts }: { readonly encrypts: boolean },
): { readonly ring: KeyRing } | { readonly problems: readonly string[] } => {
  const entries = text.split(',').map((entry) => entry.trim());
  const ids = new Set<string>();
  const problems = entries.flatMap((entry, index) => {
    const problem = findProblem(entry, index + 1, ids);
    ids.add(entry.slice(0, Math.max(0, entry.indexOf(':'))));
    return problem === null ? [] : [problem];
  });
  if (problems.length > 0) return { problems };
  const keys = entries.map((entry): EncryptionKey => {
    const colon = entry.indexOf(':');
    return { id: entry.slice(0, colon), secret: Buffer.from(entry.slice(colon + 1), 'base64') };
  });
  return {
    ring: { active: (encrypts ? keys[0] : null) ?? null, byId: new Map(keys.map((key) => [key.id, key])) },
  };
};
