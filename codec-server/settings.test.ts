import { describe, expect, test } from 'vitest';
import { makeKey } from '../encryption/testing/rings.ts';
import { readOrigins } from './arguments.ts';
import { readCodecEnv } from './env.ts';

const ENCRYPTION_KEYS = makeKey('k1');
const CODEC_TOKEN = 'a-token-of-some-length';

describe('the environment', () => {
  test('without a token, the server listens locally on port 8081', () => {
    const read = readCodecEnv({ ENCRYPTION_KEYS });
    expect(read).toMatchObject({ host: '127.0.0.1', port: 8081, token: null });
    expect(read.keys.active?.id).toBe('k1');
  });

  test('with a token, the server can listen on other addresses', () => {
    const env = { ENCRYPTION_KEYS, CODEC_TOKEN, CODEC_HOST: '0.0.0.0', CODEC_PORT: '9000' };
    expect(readCodecEnv(env)).toMatchObject({ host: '0.0.0.0', port: 9000, token: CODEC_TOKEN });
  });

  test.each([
    [{}, 'ENCRYPTION_KEYS is not set'],
    [{ ENCRYPTION_KEYS: 'hunter2' }, 'ENCRYPTION_KEYS: entry 1 needs a ":"'],
    [
      { ENCRYPTION_KEYS, CODEC_HOST: '0.0.0.0' },
      'CODEC_TOKEN is not set: without it, the codec server accepts local',
    ],
    [{ ENCRYPTION_KEYS, CODEC_TOKEN: 'hunter2' }, 'CODEC_TOKEN: must have at least 16 characters'],
    [{ ENCRYPTION_KEYS, CODEC_PORT: 'x' }, 'CODEC_PORT: must be a whole number'],
  ])('invalid variable %# is refused', (env, problem) => {
    expect(() => readCodecEnv(env)).toThrow(problem);
    expect(() => readCodecEnv(env)).not.toThrow('hunter2');
  });
});

describe('the arguments', () => {
  test('each --web adds an allowed origin', () => {
    expect(readOrigins([])).toEqual([]);
    expect(readOrigins(['--web', 'http://localhost:8233/', '--web=https://ui.example.com'])).toEqual([
      'http://localhost:8233',
      'https://ui.example.com',
    ]);
  });

  test.each([
    ['--web', '*'],
    ['--web', 'localhost:8233'],
    ['--web', 'https://a.example/path'],
    ['--web'],
    ['-x'],
    ['x'],
  ])('%j %j is refused with the usage', (...argv) => {
    expect(() => readOrigins(argv)).toThrow('Usage: npm run codec-server -- [--web <origin>]');
  });
});
