import { z } from 'zod';
import type { KeyRing } from '../encryption/keys.ts';
import { encryptionEnvShape, readEncryptionKeys } from '../runtime/encryption-settings.ts';
import { type Env, type EnvironmentCheck, readEnv } from '../runtime/env.ts';
import { EnvError } from '../runtime/env-error.ts';
import { logLevel, port, text } from '../runtime/env-fields.ts';
import { isLoopbackHost } from '../runtime/loopback.ts';

const shape = z.object({
  ...encryptionEnvShape,
  LOG_LEVEL: logLevel().default('info'),
  CODEC_PORT: port().default(8081),
  CODEC_HOST: text().default('127.0.0.1'),
  CODEC_TOKEN: text().min(16, 'must have at least 16 characters').optional(),
});

/** The settings of the codec server. */
export interface CodecEnv {
  readonly host: string;
  readonly port: number;
  /** The bearer token that callers need; null when only this machine can call. */
  readonly token: string | null;
  readonly keys: KeyRing;
  readonly logLevel: string;
}

/** Encodes regardless of ENCRYPT_PAYLOADS, because a caller of `/encode` wants encrypted payloads. */
const readKeyRing = (env: Env): KeyRing => readEncryptionKeys({ ...env, ENCRYPT_PAYLOADS: 'true' });

const checkKeys: EnvironmentCheck = (env) => {
  try {
    readKeyRing(env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};

const checkToken: EnvironmentCheck = ({ CODEC_HOST, CODEC_TOKEN }) =>
  CODEC_TOKEN || isLoopbackHost(CODEC_HOST ?? '127.0.0.1')
    ? []
    : [
        'CODEC_TOKEN is not set: without it, the codec server accepts local connections only (CODEC_HOST=127.0.0.1)',
      ];

/** Reads the environment; throws `EnvError` with every problem. */
export const readCodecEnv = (env: Env): CodecEnv => {
  const read = readEnv(shape, env, [checkKeys, checkToken]);
  return {
    host: read.CODEC_HOST,
    port: read.CODEC_PORT,
    token: read.CODEC_TOKEN ?? null,
    keys: readKeyRing(env),
    logLevel: read.LOG_LEVEL,
  };
};
