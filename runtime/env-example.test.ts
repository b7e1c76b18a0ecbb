import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { teamsEnv } from '../bot/teams/config.ts';
import { workerEnv } from '../worker/env.ts';
import { findMisspelledVariables } from './suggest-variable.ts';
import { temporalEnvShape } from './temporal-settings.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Known only so that they can be refused with a reason. */
const refused = new Set(['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET']);

/** `NAME: text()` and the like: a field of a schema of the environment. */
const field =
  /^ {2}((?:[A-Z][A-Z0-9]*_[A-Z0-9_]+|PORT|HOST|MicrosoftApp\w+)): *(?:\n *)?(?:z|text|port|flag|url|duration|logLevel|wholeNumber|token)\b/gm;

const schemaFields = async (): Promise<ReadonlySet<string>> => {
  const names = new Set(Object.keys(workerEnv.shape));
  for (const folder of ['bot', 'worker', 'codec-server', 'cli', 'runtime']) {
    const files = await readdir(`${root}${folder}`, { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')))
      for (const [, name = ''] of (await readFile(`${root}${folder}/${file}`, 'utf8')).matchAll(field))
        names.add(name);
  }
  return names;
};

test('.env.example documents every variable that a process reads', async () => {
  const example = await readFile(`${root}.env.example`, 'utf8');
  const explained = new Set([...example.matchAll(/^#?([A-Za-z_0-9]+)=/gm)].map(([, name]) => name));
  const read = await schemaFields();
  expect([...read]).toEqual(
    expect.arrayContaining([
      'PORT',
      'DATABASE_URL',
      'SLACK_BOT_TOKEN',
      'TEMPORAL_URL',
      ...Object.keys(teamsEnv),
    ]),
  );
  expect([...read].filter((name) => !explained.has(name) && !refused.has(name))).toEqual([]);
});

test('no process mistakes a variable of another process for a typo', async () => {
  const names = await schemaFields();
  const shared = new Set(Object.keys(temporalEnvShape));
  const mistaken = [...names]
    .filter((name) => !shared.has(name))
    .flatMap((name) =>
      findMisspelledVariables(
        { [name]: 'set' },
        [...names].filter((other) => other !== name),
      ),
    );
  expect(mistaken).toEqual([]);
});
