import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PlatformFactory } from '../platform/platform-factory.ts';
import { readBotEnv } from './env.ts';

const shape = { FAKE_TOKEN: z.string().startsWith('fake-', 'must begin with fake-').optional() };
const fake: PlatformFactory<typeof shape> = {
  name: 'fake',
  env: shape,
  checks: [(env) => (env.FAKE_TOKEN === 'fake-' ? ['FAKE_TOKEN: is empty after the dash'] : [])],
  create: () => null,
};

test('every variable has a default', () => {
  expect(readBotEnv({}, [fake])).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: null,
    database: { kind: 'embedded', directory: '.quarterdeck/store' },
    artifactsUrl: 'file:.quarterdeck/artifacts',
    catalog: 'quarterdeck.yaml',
    logLevel: 'info',
  });
});

test('the variables of the bot and of the platforms are read', () => {
  const env = readBotEnv(
    {
      DATABASE_URL: 'postgres://db/q',
      PUBLIC_URL: 'https://deck.example.com/',
      PORT: '0',
      FAKE_TOKEN: 'fake-1',
    },
    [fake],
  );
  expect(env).toMatchObject({
    port: 0,
    publicUrl: 'https://deck.example.com',
    database: { kind: 'server', url: 'postgres://db/q' },
    all: { FAKE_TOKEN: 'fake-1' },
  });
});

test('every problem is reported at once, without values', () => {
  const read = () =>
    readBotEnv(
      {
        PORT: 'x',
        DATABASE_URL: 'mysql://secret',
        PUBLIC_URL: 'deck',
        FAKE_TOKEN: 'hunter2',
        ARTIFACTS_URL: 'ftp://x',
      },
      [fake],
    );
  expect(read).toThrow(/PORT/);
  for (const name of ['DATABASE_URL', 'PUBLIC_URL', 'FAKE_TOKEN', 'ARTIFACTS_URL'])
    expect(read).toThrow(name);
  expect(read).not.toThrow(/hunter2|secret/);
});
