import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandSpecs } from '../commands/index.ts';
import { createSlackManifest, reservedNames } from './manifest.ts';
import { botEvents, botScopes } from './scopes.ts';

const spec = (name: string) => ({ name, usage: '', description: 'A word', example: '' });
const read = (mode: string) =>
  JSON.parse(readFileSync(new URL(`manifest.${mode}.json`, import.meta.url), 'utf8'));

describe.each(['http', 'socket'] as const)('the manifest for %s', (mode) => {
  const made = createSlackManifest(commandSpecs, mode);

  test('is the file in the repository', () => {
    expect(read(mode)).toEqual(made);
  });

  test('has a name and a description that Slack takes', () => {
    expect(made.display_information.name).toBe('Quarterdeck');
    expect(made.display_information.description.length).toBeLessThanOrEqual(140);
  });

  test('registers every word but help, none of them reserved or twice', () => {
    const names = made.features.slash_commands.map(({ command }) => command.slice(1));
    const words = commandSpecs.map(({ name }) => name).filter((name) => name !== 'help');
    expect(names.map((name) => name.replace(/^deploy-/, ''))).toEqual(words);
    expect(names).toContain('deploy-status');
    expect(names.filter((name) => reservedNames.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('asks for the scopes and events that have a reason, and for no others', () => {
    expect(made.oauth_config.scopes.bot).toEqual(Object.keys(botScopes));
    expect(made.settings.event_subscriptions.bot_events).toEqual(botEvents);
    for (const reason of Object.values(botScopes)) expect(reason).not.toBe('');
  });
});

test('the two differ only in how Slack reaches the bot', () => {
  const withoutAddresses = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (key, item) =>
        ['url', 'request_url', 'socket_mode_enabled'].includes(key) ? undefined : item,
      ),
    );
  expect(withoutAddresses(read('http'))).toEqual(withoutAddresses(read('socket')));
  expect(JSON.stringify(read('socket'))).not.toContain('https://');
});

test.each([...reservedNames].filter((name) => name !== 'status'))('a word named %s is refused', (name) => {
  expect(() => createSlackManifest([spec(name)], 'http')).toThrow('reserved by Slack');
});

test('a word that Slack cannot take as a command is refused', () => {
  expect(() => createSlackManifest([spec('two words')], 'http')).toThrow('not a name that Slack takes');
});
