import { describe, expect, test } from 'vitest';
import { createProcessEnv } from './process-env.ts';
import { createLineRedactor, createTextRedactor, secretValues } from './redact.ts';

const scrubOf = (env: Record<string, string>) => createTextRedactor(secretValues(env));

describe('secret values of the environment', () => {
  test.each([
    ['GITHUB_TOKEN', 'abc-def-123'],
    ['SLACK_SIGNING_SECRET', '0123456789abcdef'],
    ['MicrosoftAppPassword', 'Pa$$w0rd.*[x'],
    ['PGPASSWORD', 'hunter22'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['STRIPE_API_KEY', 'live-value'],
    ['SOME_CREDENTIALS', 'value with blanks'],
  ])('%s is blotted out, also encoded', (name, value) => {
    const scrub = scrubOf({ [name]: value });
    const forms = [
      value,
      encodeURIComponent(value),
      Buffer.from(value).toString('base64'),
      JSON.stringify(value),
    ];
    for (const form of forms) {
      expect(scrub(`before ${form} after`)).toMatch(/^before "?\*\*\*"? after$/);
      expect(scrub(`x=${form}`)).not.toContain(form.replaceAll('"', ''));
    }
  });

  test('each key of a key ring and each line of a key is a secret', () => {
    const scrub = scrubOf({ ENCRYPTION_KEYS: 'k1:MDEyMzQ1Njc4OWFiY2RlZg==,k2:ZmVkY2JhOTg3NjU0MzIxMA==' });
    expect(scrub('got ZmVkY2JhOTg3NjU0MzIxMA== here')).toBe('got *** here');
    expect(scrubOf({ DEPLOY_KEY: 'first-line-of-it\nsecond-line-of-it' })('> second-line-of-it')).toBe(
      '> ***',
    );
  });

  test('the password in a URL is a secret, whatever the name of the variable', () => {
    expect(scrubOf({ DATABASE_URL: 'postgres://app:s3cr3t-pw@db/x' })('password is s3cr3t-pw')).toBe(
      'password is ***',
    );
  });

  test('short and common values stay readable', () => {
    const scrub = scrubOf({
      API_TOKEN: 'true',
      A_SECRET: 'ab',
      MY_KEY: '12345',
      TEMPORAL_MTLS_TLS_KEY: '/etc/certs/key.pem',
      MONKEY: 'banana-split',
    });
    const text = 'true ab 12345 /etc/certs/key.pem banana-split';
    expect(scrub(text)).toBe(text);
  });
});

describe('well-known shapes of secrets', () => {
  const scrub = createTextRedactor([]);

  test.each([
    ['cloning https://ada:pw@example.com/x.git', 'cloning https://***@example.com/x.git'],
    ['https://x-access-token:ghs_abc@github.com/a/b', 'https://***@github.com/a/b'],
    ['postgres://u:p@h/db', 'postgres://***@h/db'],
    [`token ghp_${'a'.repeat(36)}.`, 'token ***.'],
    [`github_pat_${'a'.repeat(40)}`, '***'],
    ['xoxb-12345678-abcdefgh', '***'],
    ['xapp-1-A012-345-abcdef', '***'],
    ['id AKIAIOSFODNN7EXAMPLE end', 'id *** end'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', '***'],
    ['https://hooks.slack.com/services/T0/B0/abc', '***'],
  ])('%s', (text, clean) => {
    expect(scrub(text)).toBe(clean);
  });

  test.each([
    'https://example.com/a@b',
    'ada@example.com',
    'git@github.com:a/b.git',
    'commit 3f2a91c0d4e5f60718293a4b5c6d7e8f90a1b2c3',
    'task-force-one',
    'npm_config_registry',
  ])('%s stays', (text) => {
    expect(scrub(text)).toBe(text);
  });

  test('a private key is redacted, as one text or line by line', () => {
    const key =
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nAAAA\n-----END OPENSSH PRIVATE KEY-----';
    expect(scrub(`a\n${key}\nb`)).toBe('a\n***\nb');
    const line = createLineRedactor(scrub);
    expect(`a\n${key}\nb`.split('\n').map(line)).toEqual(['a', '***', '***', '***', '***', 'b']);
  });
});

describe('the environment of a command', () => {
  const env = {
    PATH: '/app/node_modules/.bin:/usr/bin',
    HOME: '/home/worker',
    LANG: 'C.UTF-8',
    HTTPS_PROXY: 'http://proxy:3128',
    npm_config_registry: 'https://mirror',
    'npm_config_//registry/:_authToken': 'npm-secret',
    npm_config_local_prefix: '/app',
    AWS_SECRET_ACCESS_KEY: 'aws',
    TF_VAR_size: '3',
    SSH_AUTH_SOCK: '/run/ssh',
    GITHUB_TOKEN: 'gh',
    DOCKER_HOST: 'unix:///x',
    SLACK_BOT_TOKEN: 'xoxb',
    MicrosoftAppPassword: 'ms',
    ENCRYPTION_KEYS: 'k',
    DATABASE_URL: 'postgres://x',
    TEMPORAL_API_KEY: 't',
    SPACELIFT_API_KEY_SECRET: 's',
    SOMETHING: 'else',
  };
  const names = (access: Parameters<typeof createProcessEnv>[1]) =>
    Object.keys(createProcessEnv(env, access)).sort();

  test('of code from a repository has no credentials and none of Quarterdeck’s programs', () => {
    expect(names('build')).toEqual(['CI', 'HOME', 'HTTPS_PROXY', 'LANG', 'PATH', 'npm_config_registry']);
    expect(createProcessEnv(env, 'build').PATH).toBe('/usr/bin');
  });

  test('of git has its credentials, and of an image builder its settings', () => {
    expect(names('repository')).toEqual([
      'GITHUB_TOKEN',
      'HOME',
      'HTTPS_PROXY',
      'LANG',
      'PATH',
      'SSH_AUTH_SOCK',
    ]);
    expect(names('image')).toEqual(['DOCKER_HOST', 'HOME', 'HTTPS_PROXY', 'LANG', 'PATH']);
  });

  test('of Terraform has everything except Quarterdeck’s own variables', () => {
    const seen = names('cloud');
    expect(seen).toEqual(
      expect.arrayContaining(['AWS_SECRET_ACCESS_KEY', 'TF_VAR_size', 'SOMETHING', 'PATH']),
    );
    for (const name of [
      'SLACK_BOT_TOKEN',
      'MicrosoftAppPassword',
      'ENCRYPTION_KEYS',
      'DATABASE_URL',
      'TEMPORAL_API_KEY',
      'SPACELIFT_API_KEY_SECRET',
      'GITHUB_TOKEN',
    ])
      expect(seen).not.toContain(name);
  });
});
