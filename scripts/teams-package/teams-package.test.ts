import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppManifestUtils, type TeamsManifest } from '@microsoft/app-manifest';
import { execa } from 'execa';
import { strFromU8, unzipSync } from 'fflate';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOptions } from './options.ts';

const script = fileURLToPath(new URL('../teams-package.ts', import.meta.url));
const appId = '11111111-2222-4333-8444-555555555555';
const env = { MicrosoftAppId: appId, PUBLIC_URL: 'https://deploy.acme.test:8443/quarterdeck/' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-teams-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** In a folder without a `.env`, with no environment but what is given. */
const run = (args: readonly string[], given: Record<string, string> = {}) =>
  execa(process.execPath, [script, ...args], { cwd: folder, reject: false, extendEnv: false, env: given });

const readFiles = async (name: string) => unzipSync(await readFile(join(folder, name)));
const readManifest = (files: Record<string, Uint8Array>) =>
  JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array())) as TeamsManifest;

describe('the package', () => {
  test('has three files at its root, a valid manifest of this bot and both icons', async () => {
    const result = await run([
      '--app-id',
      appId.toUpperCase(),
      '--domain',
      'Deploy.acme.test',
      '--out',
      'a.zip',
    ]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toContain('https://deploy.acme.test/api/messages');
    const files = await readFiles('a.zip');
    expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    const manifest = readManifest(files);
    expect(await AppManifestUtils.validateAgainstSchema(manifest)).toEqual([]);
    expect(manifest).toMatchObject({
      id: appId,
      bots: [{ botId: appId }],
      validDomains: ['deploy.acme.test'],
      icons: { color: 'color.png', outline: 'outline.png' },
    });
    const sizes = ['color.png', 'outline.png'].map(
      (name) => PNG.sync.read(Buffer.from(files[name] ?? '')).width,
    );
    expect(sizes).toEqual([192, 32]);
  });

  test('is the same bytes each time, in any time zone', async () => {
    const packed = async (name: string, TZ: string) => {
      await run(['--out', name], { ...env, TZ });
      return readFile(join(folder, name));
    };
    const first = await packed('east.zip', 'Pacific/Auckland');
    expect(first.equals(await packed('west.zip', 'America/Los_Angeles'))).toBe(true);
  });

  test('takes the bot and its host from the environment, the version from the project or an option', async () => {
    expect(readOptions([], env, '0.1.0')).toEqual({
      app: { appId, domain: 'deploy.acme.test', version: '0.1.0' },
      out: 'quarterdeck-teams.zip',
    });
    await run(['--version', '1.4.0', '--out', 'newer.zip'], env);
    expect(readManifest(await readFiles('newer.zip')).version).toBe('1.4.0');
  });
});

describe('the package is refused with a reason, and no file is written, for', () => {
  const domain = ['--domain', 'deploy.acme.test'];
  test.each([
    ['no bot', domain, {}, 'app id is missing'],
    ['an invalid id', ['--app-id', 'quarterdeck', ...domain], {}, 'The app id must look like'],
    ['the id of the example', ['--app-id', appId.replace(/\w/g, '0'), ...domain], {}, 'is the example’s'],
    ['no domain', ['--app-id', appId], {}, 'domain is missing'],
    [
      'an address instead of a host',
      ['--domain', 'https://deploy.acme.test'],
      env,
      'The domain must be a host',
    ],
    ['a port', ['--domain', 'deploy.acme.test:443'], env, 'The domain must be a host'],
    ['an IP address', ['--domain', '192.0.2.7'], env, 'The domain must be a host'],
    ['a name of this machine', [], { ...env, PUBLIC_URL: 'https://localhost' }, 'The domain must be a host'],
    [
      'an address without TLS',
      [],
      { ...env, PUBLIC_URL: 'http://deploy.acme.test' },
      'must start with https://',
    ],
    ['a version that is not three numbers', ['--version', 'latest'], env, 'three numbers'],
    ['an unknown option', ['--tenant', 'x'], env, 'Usage: npm run teams:package'],
    ['a missing folder', ['--out', 'nowhere/a.zip'], env, 'ENOENT'],
  ])('%s', async (_, args, given, reason) => {
    const before = await readdir(folder);
    const result = await run(args, given);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(reason);
    expect(result.stderr).not.toMatch(/^ +at /m);
    expect(await readdir(folder)).toEqual(before);
  });

  test('two problems at once, both of which are reported', () => {
    expect(() => readOptions(['--version', '1'], {}, '0.1.0')).toThrow(
      /app id is missing[\s\S]*domain is missing[\s\S]*three numbers/,
    );
  });
});
