import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandSpecs } from '../commands/index.ts';
import { botEvents, botScopes, createSlackManifest, reservedNames } from './manifest.ts';

const spec = (name: string) => ({ name, usage: '', description: 'A command', example: '' });
const read = (mode: string) =>
  JSON.parse(readFileSync(new URL(`manifest.${mode}.json`, import.meta.url), 'utf8'));

describe.each(['http', 'socket'] as const)('the manifest for %s', (mode) => {
  const made = createSlackManifest(commandSpecs, mode);

  test('The manifest equals the file in the repository', () => {
    expect(read(mode)).toEqual(made);
  });

  test('The name and the description fit the limits of Slack', () => {
    expect(made.display_information.name).toBe('Quarterdeck');
    expect(made.display_information.description.length).toBeLessThanOrEqual(140);
  });

  test('The manifest registers every command except help, without reserved or duplicate names', () => {
    const names = made.features.slash_commands.map(({ command }) => command.slice(1));
    const words = commandSpecs.map(({ name }) => name).filter((name) => name !== 'help');
    expect(names.map((name) => name.replace(/^deploy-/, ''))).toEqual(words);
    expect(names).toContain('deploy-status');
    expect(names.filter((name) => reservedNames.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('The manifest requests the documented scopes and events only', () => {
    expect(made.oauth_config.scopes.bot).toEqual(Object.keys(botScopes));
    expect(made.settings.event_subscriptions.bot_events).toEqual(botEvents);
    for (const reason of Object.values(botScopes)) expect(reason).not.toBe('');
  });
});

test('The two manifests differ only in how Slack reaches the bot', () => {
  const withoutAddresses = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (key, item) =>
        ['url', 'request_url', 'socket_mode_enabled'].includes(key) ? undefined : item,
      ),
    );
  expect(withoutAddresses(read('http'))).toEqual(withoutAddresses(read('socket')));
  expect(JSON.stringify(read('socket'))).not.toContain('https://');
});

test.each([...reservedNames].filter((name) => name !== 'status'))(
  'A command named %s is rejected',
  (name) => {
    expect(() => createSlackManifest([spec(name)], 'http')).toThrow('reserved by Slack');
  },
);

test('A command name that is invalid in Slack is rejected', () => {
  expect(() => createSlackManifest([spec('two parts')], 'http')).toThrow('not a valid Slack command name');
});
