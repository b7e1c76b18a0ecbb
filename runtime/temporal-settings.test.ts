import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEnv } from './env.ts';
import { EnvError } from './env-error.ts';
import { port } from './env-fields.ts';
import { expiryWarning } from './temporal-certificate.ts';
import { checkTemporalSettings, readTemporalSettings, temporalEnvShape } from './temporal-settings.ts';
import { makeCertificate } from './testing/make-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-temporal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const makePair = (name: string, making: Parameters<typeof makeCertificate>[1] = {}) => {
  const { cert, key } = makeCertificate(name, making);
  return { cert: file(`${name}.pem`, cert), key: file(`${name}.key`, key) };
};

// The tests must not read the profile of the person who runs them.
const settings = (env: Record<string, string>) => readTemporalSettings({ XDG_CONFIG_HOME: folder, ...env });

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    settings(env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};

const profile = file('temporal.toml', '[profile.default]\naddress = "toml:1"\nnamespace = "from-toml"\n');

describe('the address of Temporal', () => {
  const everything = {
    TEMPORAL_ADDRESS: 'a:1',
    TEMPORAL_CONFIG_FILE: profile,
    TEMPORAL_SERVER_ADDRESS: 'b:2',
    TEMPORAL_HOST_URL: 'c:3',
    TEMPORAL_URL: 'd:4',
    DEPLOY_ENV: 'production',
  };
  test.each([
    ['TEMPORAL_ADDRESS', 'a:1'],
    ['TEMPORAL_CONFIG_FILE', 'toml:1'],
    ['TEMPORAL_SERVER_ADDRESS', 'b:2'],
    ['TEMPORAL_HOST_URL', 'c:3'],
    ['TEMPORAL_URL', 'd:4'],
    ['DEPLOY_ENV', 'temporal-production:7233'],
  ])('%s takes precedence over the variables after it', (first, address) => {
    const names = Object.keys(everything);
    const left = Object.entries(everything).filter(([name]) => names.indexOf(name) >= names.indexOf(first));
    expect(settings(Object.fromEntries(left)).address).toBe(address);
  });

  test.each([
    [{}, 'localhost:7233'],
    [{ TEMPORAL_ADDRESS: '', TEMPORAL_URL: ' temporal:7233 ' }, 'temporal:7233'],
    [{ TEMPORAL_ADDRESS: 'example.com' }, 'example.com:7233'],
    [{ TEMPORAL_ADDRESS: '[::1]:99' }, '[::1]:99'],
    [{ DEPLOY_ENV: 'preview', PR_NUMBER: '42' }, 'temporal-preview-42:7233'],
    [{ DEPLOY_ENV: 'development' }, 'localhost:7233'],
    [{ PR_NUMBER: '42' }, 'localhost:7233'],
  ])('%j resolves to %s', (env, address) => {
    expect(settings(env)).toMatchObject({ address, namespace: 'default', tls: false, apiKey: null });
  });

  test.each([
    [{ TEMPORAL_ADDRESS: 'http://localhost:7233' }, 'TEMPORAL_ADDRESS: remove http'],
    [{ TEMPORAL_HOST_URL: 'a:b' }, 'TEMPORAL_HOST_URL: must be host:port'],
    [{ TEMPORAL_URL: 'a:99999' }, 'TEMPORAL_URL: must be host:port'],
    [{ DEPLOY_ENV: 'preview' }, 'PR_NUMBER is not set'],
    [{ DEPLOY_ENV: 'preview', PR_NUMBER: '4;2' }, 'PR_NUMBER must be the number'],
  ])('%j is refused', (env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(problem)]);
  });

  test('the namespace comes from the variable, then from the profile', () => {
    expect(settings({ TEMPORAL_CONFIG_FILE: profile }).namespace).toBe('from-toml');
    expect(settings({ TEMPORAL_CONFIG_FILE: profile, TEMPORAL_NAMESPACE: 'mine' }).namespace).toBe('mine');
  });
});

describe('the credentials for Temporal', () => {
  const pair = makePair('client');
  const other = makePair('other');
  const nonsense = file('nonsense.pem', 'hunter2');

  test('a certificate and its key enable TLS', () => {
    const { tls } = settings({ TEMPORAL_MTLS_TLS_CERT: pair.cert, TEMPORAL_MTLS_TLS_KEY: pair.key });
    expect(tls).toMatchObject({ clientCertPair: { crt: expect.any(Buffer), key: expect.any(Buffer) } });
  });

  test.each([
    [
      { TEMPORAL_MTLS_TLS_CERT: pair.cert },
      ['TEMPORAL_MTLS_TLS_CERT is set and TEMPORAL_MTLS_TLS_KEY is not'],
    ],
    [{ TEMPORAL_MTLS_TLS_KEY: pair.key }, ['TEMPORAL_MTLS_TLS_KEY is set and TEMPORAL_MTLS_TLS_CERT is not']],
    [
      { TEMPORAL_MTLS_TLS_CERT: '/nowhere/c.pem', TEMPORAL_MTLS_TLS_KEY: '/nowhere/k.pem' },
      [
        'TEMPORAL_MTLS_TLS_CERT names /nowhere/c.pem: no such file',
        'TEMPORAL_MTLS_TLS_KEY names /nowhere/k.pem: no such file',
      ],
    ],
    [
      { TEMPORAL_MTLS_TLS_CERT: pair.cert, TEMPORAL_MTLS_TLS_KEY: other.key },
      ['does not match the certificate'],
    ],
    [{ TEMPORAL_MTLS_TLS_CERT: nonsense, TEMPORAL_MTLS_TLS_KEY: pair.key }, ['not a PEM certificate']],
    [{ TEMPORAL_MTLS_TLS_CERT: pair.key, TEMPORAL_MTLS_TLS_KEY: pair.cert }, ['not a PEM certificate']],
    [{ TEMPORAL_MTLS_TLS_CERT: pair.cert, TEMPORAL_MTLS_TLS_KEY: nonsense }, ['not a PEM private key']],
    [{ TEMPORAL_TLS_CLIENT_CERT_PATH: pair.cert }, ['mutual TLS needs both, or neither']],
    [
      { TEMPORAL_CONFIG_FILE: '/nowhere/t.toml' },
      ['TEMPORAL_CONFIG_FILE names /nowhere/t.toml: no such file'],
    ],
    [{ TEMPORAL_PROFILE: 'absent' }, ["Profile 'absent' not found"]],
  ])('%j is refused', (env, problems) => {
    expect(problemsOf(env)).toEqual(problems.map((problem) => expect.stringContaining(problem)));
  });

  const past = makePair('past', { validTo: new Date('2026-01-03T00:00:00Z') });
  const future = makePair('future', { validFrom: new Date(Date.now() + 86_400_000) });

  test.each([
    [
      { TEMPORAL_MTLS_TLS_CERT: past.cert, TEMPORAL_MTLS_TLS_KEY: past.key },
      `TEMPORAL_MTLS_TLS_CERT names ${past.cert}: the certificate expired on 2026-01-03; replace it`,
    ],
    [
      { TEMPORAL_MTLS_TLS_CERT: future.cert, TEMPORAL_MTLS_TLS_KEY: future.key },
      `TEMPORAL_MTLS_TLS_CERT names ${future.cert}: the certificate is not valid before `,
    ],
    [
      { TEMPORAL_TLS_CLIENT_CERT_PATH: past.cert, TEMPORAL_TLS_CLIENT_KEY_PATH: past.key },
      `TEMPORAL_TLS_CLIENT_CERT_PATH names ${past.cert}: the certificate expired on 2026-01-03`,
    ],
    [
      { TEMPORAL_TLS_CLIENT_CERT_PATH: pair.cert, TEMPORAL_TLS_CLIENT_KEY_PATH: other.key },
      `TEMPORAL_TLS_CLIENT_KEY_PATH names ${other.key}: the key does not match the certificate`,
    ],
    [
      {
        TEMPORAL_TLS_CLIENT_CERT_DATA: makeCertificate('a').cert,
        TEMPORAL_TLS_CLIENT_KEY_DATA: makeCertificate('b').key,
      },
      'TEMPORAL_TLS_CLIENT_KEY_DATA: the key does not match the certificate (TEMPORAL_TLS_CLIENT_CERT_DATA)',
    ],
  ])('an unusable certificate is refused (case %#)', (env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(problem)]);
  });

  test('a certificate that expires soon causes a warning, and a later one does not', () => {
    const ending = makePair('ending', { validTo: new Date(Date.now() + 3.5 * 86_400_000) });
    const at = (files: { cert: string; key: string }) =>
      settings({ TEMPORAL_MTLS_TLS_CERT: files.cert, TEMPORAL_MTLS_TLS_KEY: files.key }).certificateExpires;
    expect(expiryWarning(at(ending))).toMatch(
      /^the client certificate for Temporal expires on 20.*, in 3 days$/,
    );
    expect(expiryWarning(at(pair))).toBeNull();
    expect(expiryWarning(null)).toBeNull();
  });

  test('an error in a profile is reported by line, without quoting it', () => {
    const broken = file('broken.toml', '[profile.default]\napi_key = "hunter2\n');
    expect(problemsOf({ TEMPORAL_CONFIG_FILE: broken })).toEqual([`${broken}: line 2 is not valid TOML`]);
  });

  test('an API key enables TLS and is never sent without it', () => {
    const cloud = { TEMPORAL_HOST_URL: 'a.b.tmprl.cloud:7233', TEMPORAL_CLOUD_API_KEY: 'hunter2' };
    expect(settings(cloud)).toMatchObject({ tls: true, apiKey: 'hunter2' });
    const [problem, ...more] = problemsOf({ ...cloud, TEMPORAL_TLS: 'false' });
    expect(problem).toContain('without TLS');
    expect(problem).not.toContain('hunter2');
    expect(more).toEqual([]);
  });

  test('TEMPORAL_CLOUD_API_KEY is ignored for a local server or with a client certificate', () => {
    expect(settings({ TEMPORAL_CLOUD_API_KEY: 'k' })).toMatchObject({ tls: false, apiKey: null });
    const both = { TEMPORAL_MTLS_TLS_CERT: pair.cert, TEMPORAL_MTLS_TLS_KEY: pair.key };
    expect(settings({ ...both, TEMPORAL_URL: 'x:1', TEMPORAL_CLOUD_API_KEY: 'k' }).apiKey).toBeNull();
  });

  test('its problems are reported together with all others', () => {
    const schema = z.object({ ...temporalEnvShape, PORT: port() });
    const env = {
      PORT: 'x',
      TEMPORAL_MTLS_TLS_CERT: '/nowhere',
      DEPLOY_ENV: 'preview',
      XDG_CONFIG_HOME: folder,
    };
    expect(() => readEnv(schema, env, [checkTemporalSettings])).toThrow(
      /PORT: must.*PR_NUMBER is not set.*TEMPORAL_MTLS_TLS_KEY is not/s,
    );
  });
});
