import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEnv } from './env.ts';
import { EnvError } from './env-error.ts';
import { duration, flag, logLevel, port, text, url } from './env-fields.ts';

const schema = z.object({
  PORT: port().default(3000),
  LOG_LEVEL: logLevel().default('info'),
  SLACK_SIGNING_SECRET: text().optional(),
  SLACK_BOT_TOKEN: text()
    .regex(/^xoxb-/, 'must begin with xoxb-')
    .optional(),
  PUBLIC_URL: url(['https', 'http']).optional(),
  ENCRYPT_PAYLOADS: flag().default(false),
  GRACE: duration().default(60_000),
  DATABASE_URL: text(),
});

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readEnv(schema, env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};

describe('the environment', () => {
  test('is read completely, with defaults and types', () => {
    expect(
      readEnv(schema, {
        DATABASE_URL: ' postgres://x ',
        ENCRYPT_PAYLOADS: 'T',
        GRACE: '2m',
        LOG_LEVEL: 'WARN',
      }),
    ).toEqual({
      PORT: 3000,
      LOG_LEVEL: 'warn',
      ENCRYPT_PAYLOADS: true,
      GRACE: 120_000,
      DATABASE_URL: 'postgres://x',
    });
  });

  test('reports every problem in one message, typos included, without quoting a value', () => {
    const env = {
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      SLACK_BOT_TOKEN: 'hunter2-secret',
      SLACK_SINGING_SECRET: 'hunter3-secret',
      PUBLIC_URL: 'hunter4.example.com',
      ENCRYPT_PAYLOADS: 'perhaps',
      GRACE: '10 minutes',
    };
    expect(problemsOf(env)).toEqual([
      'PORT: must be a whole number from 0 to 65535',
      'LOG_LEVEL: must be trace, debug, info, warn, error, fatal or silent',
      'SLACK_BOT_TOKEN: must begin with xoxb-',
      'PUBLIC_URL: must be a complete URL that starts with https: or http:',
      'ENCRYPT_PAYLOADS: must be true or false',
      'GRACE: must be a duration such as 30s, 10m or 2h',
      'DATABASE_URL is not set',
      'SLACK_SINGING_SECRET is not a known variable; did you mean SLACK_SIGNING_SECRET?',
    ]);
    const { message } = new EnvError(problemsOf(env));
    expect(message).not.toContain('hunter');
    expect(message.split('\n')).toHaveLength(9);
  });

  test('treats an empty or blank variable as unset', () => {
    expect(readEnv(schema, { DATABASE_URL: 'x', PORT: '', SLACK_BOT_TOKEN: '  ' })).toMatchObject({
      PORT: 3000,
    });
    expect(problemsOf({ DATABASE_URL: '' })).toEqual(['DATABASE_URL is not set']);
  });

  test.each([
    ['slack_signing_secret', 'SLACK_SIGNING_SECRET'],
    ['SLACK_SIGNING_SECRETS', 'SLACK_SIGNING_SECRET'],
    ['SLACKBOTTOKEN', 'SLACK_BOT_TOKEN'],
    ['SLACK-BOT-TOKEN', 'SLACK_BOT_TOKEN'],
    ['DATABSE_URL', 'DATABASE_URL'],
  ])('suggests for %s the variable %s', (given, meant) => {
    expect(
      problemsOf({ [given]: 'x', ...(meant === 'DATABASE_URL' ? {} : { DATABASE_URL: 'x' }) }),
    ).toContain(`${given} is not a known variable; did you mean ${meant}?`);
  });

  test.each(['HOST', 'GITLAB_TOKEN', 'SORT', 'PATH', 'DATABASE_USER'])(
    'ignores %s, which belongs to another program',
    (given) => {
      expect(problemsOf({ [given]: 'x', DATABASE_URL: 'x' })).toEqual([]);
    },
  );

  test('suggests no variable that is already set', () => {
    expect(problemsOf({ DATABASE_URL: 'x', DATABASE_URI: 'y' })).toEqual([]);
  });
});
