import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/**
 * `ours` is endorsed for Teams, `webchat` for another channel, `unendorsed` for none; `stranger` is not
 * published.
 */
export type KeyName = 'ours' | 'webchat' | 'unendorsed' | 'stranger';

const endorsements: Readonly<Record<Exclude<KeyName, 'stranger'>, readonly string[] | null>> = {
  ours: ['msteams', 'webchat'],
  webchat: ['webchat'],
  unendorsed: null,
};

/** RSA keys as the Bot Framework publishes them, and tokens signed with them. */
export const makeKeys = async () => {
  const names = ['ours', 'webchat', 'unendorsed', 'stranger'] as const;
  const made = await Promise.all(names.map(() => generateKeyPair('RS256', { extractable: true })));
  const pairOf = (name: KeyName) => {
    const pair = made[names.indexOf(name)];
    if (pair === undefined) throw new Error(`no key ${name}`);
    return pair;
  };
  const published = await Promise.all(
    (['ours', 'webchat', 'unendorsed'] as const).map(async (name) => ({
      ...(await exportJWK(pairOf(name).publicKey)),
      use: 'sig',
      kid: name,
      ...(endorsements[name] === null ? {} : { endorsements: endorsements[name] }),
    })),
  );

  return {
    published,
    /** A stranger's token claims to be signed with our key. */
    sign: (claims: JWTPayload, key: KeyName = 'ours', header: object = {}): Promise<string> =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key === 'stranger' ? 'ours' : key, ...header })
        .sign(pairOf(key).privateKey),
  };
};

export type FakeKeys = Awaited<ReturnType<typeof makeKeys>>;
