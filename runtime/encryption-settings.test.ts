import { expect, test } from 'vitest';
import { z } from 'zod';
import { makeKey } from '../encryption/testing/rings.ts';
import { encryptionEnvShape, readEncryptionKeys } from './encryption-settings.ts';
import { readEnv } from './env.ts';
import { EnvError } from './env-error.ts';
import { checkTemporalSettings, readTemporalSettings, temporalEnvShape } from './temporal-settings.ts';

test('encryption is off by default, and keys alone only decrypt', () => {
  expect(readEncryptionKeys({}).active).toBeNull();
  expect(readEncryptionKeys({ ENCRYPT_PAYLOADS: 'false', ENCRYPTION_KEYS: '' }).byId.size).toBe(0);
  const keys = readEncryptionKeys({ ENCRYPTION_KEYS: makeKey('k1') });
  expect([keys.active, keys.byId.has('k1')]).toEqual([null, true]);
});

test('with encryption on, the first key encrypts', () => {
  const env = { ENCRYPT_PAYLOADS: 'true', ENCRYPTION_KEYS: `${makeKey('k2')},${makeKey('k1')}` };
  expect(readTemporalSettings(env).encryption.active?.id).toBe('k2');
});

test('encryption without a key is refused, with the command that creates one', () => {
  expect(() => readEncryptionKeys({ ENCRYPT_PAYLOADS: 'yes' })).toThrow(EnvError);
  expect(() => readEncryptionKeys({ ENCRYPT_PAYLOADS: 'yes' })).toThrow(
    'ENCRYPTION_KEYS is not set: ENCRYPT_PAYLOADS=true needs a key, as id:base64; create one with: openssl rand -base64 32',
  );
});

test('every problem is reported at once, without quoting a key', () => {
  const env = {
    ENCRYPT_PAYLOADS: 'perhaps',
    ENCRYPTION_KEYS: 'hunter2,b:aHVudGVyMg==',
    TEMPORAL_ADDRESS: 'a:b',
  };
  const schema = z.object({ ...temporalEnvShape, ...encryptionEnvShape });
  const read = () => readEnv(schema, env, [checkTemporalSettings]);
  expect(read).toThrow(/ENCRYPT_PAYLOADS: must be true or false/);
  expect(read).toThrow(
    /TEMPORAL_ADDRESS: must be host:port.*ENCRYPTION_KEYS: entry 1.*ENCRYPTION_KEYS: the key "b"/s,
  );
  expect(read).not.toThrow(/hunter2|aHVudGVyMg/);
});
