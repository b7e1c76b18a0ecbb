import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { devServerSettings, searchAttributeArguments } from '../scripts/tools/dev-server-arguments.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFile(join(root, path), 'utf8');

/** The part of the compose specification that is used here. A misspelt key is refused. */
const service = z.strictObject({
  image: z.string().regex(/^[\w./-]+:[\w.-]+$/, 'must have a tag'),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  profiles: z.array(z.string()).optional(),
  user: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.union([z.string(), z.looseObject({ type: z.literal('bind') })])).default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).default({}),
  healthcheck: z.strictObject({
    test: z.array(z.string()).min(2),
    interval: z.string(),
    timeout: z.string(),
    retries: z.number(),
    start_period: z.string(),
  }),
  stop_grace_period: z.string().optional(),
  restart: z.enum(['unless-stopped', 'no']),
});

const composeFile = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const compose = composeFile.parse(parse(await read('compose.yaml'), { merge: true }));
const services = Object.entries(compose.services);
const own = ['bot', 'worker'] as const;

test('every documented service exists and has a health check', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    'bot',
    'localstack',
    'opa',
    'postgres',
    'temporal',
    'worker',
  ]);
});

test('only the documented ports are published, on this machine only', () => {
  expect(Object.fromEntries(services.map(([name, { ports }]) => [name, ports]))).toEqual({
    temporal: ['127.0.0.1:7233:7233', '127.0.0.1:8233:8233'],
    localstack: ['127.0.0.1:4566:4566'],
    opa: ['127.0.0.1:8181:8181'],
    postgres: [],
    worker: [],
    bot: ['127.0.0.1:3000:3000'],
  });
});

test('every image has a fixed version', async () => {
  const files = await Promise.all(own.map((name) => read(`${name}/Dockerfile`)));
  const from = files.flatMap((text) => [...text.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]));
  for (const image of [...services.map(([, { image }]) => image), ...from]) {
    expect(image).toMatch(/:/);
    expect(image).not.toMatch(/:latest$/);
  }
});

test('Temporal runs with the settings of npm start', () => {
  const pairs = (args: readonly string[]) =>
    args.flatMap((arg, index) => (index % 2 ? [`${args[index - 1]}=${arg}`] : []));
  expect(compose.services.temporal?.command).toEqual(
    expect.arrayContaining([...pairs(devServerSettings), ...pairs(searchAttributeArguments)]),
  );
});

test('every dependency names an existing service, and every named volume is declared', () => {
  for (const [, { depends_on, volumes }] of services) {
    for (const name of Object.keys(depends_on)) expect(compose.services).toHaveProperty(name);
    const sources = volumes.flatMap((volume) =>
      typeof volume === 'string' ? [volume.split(':')[0] ?? ''] : [],
    );
    for (const source of sources) {
      if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  }
});

test('the chat’s tokens go to the bot alone, the cloud’s credentials to the worker alone', () => {
  const names = (name: string) => Object.keys(compose.services[name]?.environment ?? {});
  expect(names('worker').filter((name) => /^(SLACK|Microsoft|TEAMS)/.test(name))).toEqual([]);
  expect(names('bot').filter((name) => /^(AWS|TF_|GITHUB_TOKEN)/.test(name))).toEqual([]);
});

test.each(own)('the %s reads logs and plans where the other one writes them', (name) => {
  expect(compose.services[name]?.volumes).toContain('artifacts:/app/.quarterdeck/artifacts');
});

/** The paths of the project that an image copies. */
const copied = async (name: string): Promise<readonly string[]> => {
  const text = await read(`${name}/Dockerfile`);
  const lines = [...text.matchAll(/^COPY (?!--from)(.+)$/gm)];
  return lines.flatMap(([, words = '']) => words.split(' ').slice(0, -1));
};

test.each(own)('the image of the %s copies only existing files', async (name) => {
  const copies = await copied(name);
  expect(copies.length).toBeGreaterThan(4);
  expect(copies.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const ignored = await read('.dockerignore');
  for (const path of copies) expect(ignored).toContain(`!${path.split('/')[0]}`);
});

test.each(own)('the %s runs as an unprivileged user, on glibc, with Node as its program', async (name) => {
  const text = await read(`${name}/Dockerfile`);
  const [last = ''] = text.split(/^FROM /m).slice(-1);
  expect(last).toMatch(/^node:24-\w+-slim$/m);
  expect(last).toMatch(/^USER 1000:1000$/m);
  expect(last).toContain('ENTRYPOINT ["tini", "--"]');
  expect(last).toMatch(new RegExp(`^CMD \\["node", (?:"--[\\w=-]+", )*"${name}/main.ts"\\]$`, 'm'));
  expect(text).toContain('npm ci --omit=dev');
  expect(text).not.toMatch(/^FROM .*alpine/m);
});

test('the bot’s image has none of the code that does the work', async () => {
  const text = await read('bot/Dockerfile');
  expect(text).not.toMatch(/^COPY (activities|workflows|worker) /m);
});

test.each(own)('the image of the %s has every file that its program loads', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-image-'));
  try {
    const kept = (path: string) => !/([.]test[.]ts|\/(testing|golden|histories|Dockerfile))$/.test(path);
    for (const path of new Set(await copied(name)))
      await cp(join(root, path), join(folder, path), { recursive: true, filter: kept });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    // Every module is loaded before the environment is read and refused.
    const result = await execa(process.execPath, [`${name}/main.ts`], {
      cwd: folder,
      reject: false,
      all: true,
      env: { LOG_LEVEL: 'no such level' },
    });
    expect(result.all).toContain('LOG_LEVEL');
    expect(result.exitCode).toBe(1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
