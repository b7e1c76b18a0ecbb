/** A key of AES-256 and the name under which what it encrypted can be read again. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

/** The keys of a team, newest first. */
export interface KeyRing {
  /** Encrypts what is new; null where nothing new is encrypted, and what is old can still be read. */
  readonly active: EncryptionKey | null;
  readonly byId: ReadonlyMap<string, EncryptionKey>;
}

/** For a process without keys: reads what is in clear, and nothing else. */
export const noKeys: KeyRing = { active: null, byId: new Map() };

const idRule = /^[A-Za-z0-9_.-]{1,64}$/;
const secretBytes = 32;

/** The problems of one entry, without its text: it holds a key. */
const problemOf = (entry: string, place: number, seen: ReadonlySet<string>): string | null => {
  const colon = entry.indexOf(':');
  if (colon < 0) return `entry ${place} has no ":" between the key's id and the key`;
  const id = entry.slice(0, colon);
  if (!idRule.test(id))
    return `the id of entry ${place} must be 1 to 64 letters, digits, dots, dashes or underscores`;
  if (seen.has(id)) return `the id "${id}" is there twice`;
  const written = entry.slice(colon + 1);
  const secret = Buffer.from(written, 'base64');
  const isBase64 = secret.toString('base64').replace(/=+$/, '') === written.replace(/=+$/, '');
  if (isBase64 && secret.length === secretBytes) return null;
  return `the key "${id}" must be ${secretBytes} bytes in base64; make one with: openssl rand -base64 ${secretBytes}`;
};

/**
 * Reads `id:base64,id:base64`. The first key encrypts when `encrypts`, all of them decrypt.
 * @returns the ring, or every problem in words; never a word of a key.
 */
export const readKeys = (
  text: string,
  { encrypts }: { readonly encrypts: boolean },
): { readonly ring: KeyRing } | { readonly problems: readonly string[] } => {
  const entries = text.split(',').map((entry) => entry.trim());
  const seen = new Set<string>();
  const problems = entries.flatMap((entry, index) => {
    const problem = problemOf(entry, index + 1, seen);
    seen.add(entry.slice(0, Math.max(0, entry.indexOf(':'))));
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
