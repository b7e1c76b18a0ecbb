import { readFileSync } from 'node:fs';
import { AppManifestUtils } from '@microsoft/app-manifest';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { commandSpecs } from '../commands/index.ts';
import { createTeamsManifest, exampleApp } from './manifest.ts';

const file = (name: string) => readFileSync(new URL(name, import.meta.url));
const made = createTeamsManifest(commandSpecs, exampleApp);
const [bot] = made.bots;
const spec = (name: string, description = 'a text') => ({ name, usage: '', description, example: '' });

describe('the Teams manifest', () => {
  test('The manifest equals the file in the repository', () => {
    expect(JSON.parse(file('manifest.json').toString())).toEqual(made);
  });

  test('The manifest is valid by its schema', async () => {
    expect(await AppManifestUtils.validateAgainstSchema(made)).toEqual([]);
    const broken = { ...made, id: 'quarterdeck' };
    expect(await AppManifestUtils.validateAgainstSchema(broken)).not.toEqual([]);
  });

  test('The manifest lists every command in every kind of conversation', () => {
    expect(bot?.scopes).toEqual(['personal', 'team', 'groupChat']);
    expect(bot?.commandLists).toEqual([
      {
        scopes: ['personal', 'team', 'groupChat'],
        commands: commandSpecs.map(({ name, description }) => ({ title: name, description })),
      },
    ]);
  });

  test('The manifest requests no permission, no sign-in and no files', () => {
    for (const key of ['permissions', 'devicePermissions', 'authorization', 'webApplicationInfo'])
      expect(made).not.toHaveProperty(key);
    expect(bot?.supportsFiles).toBe(false);
  });

  test('The manifest names one app and one host throughout', () => {
    const app = {
      appId: '11111111-2222-4333-8444-555555555555',
      domain: 'deploy.acme.test',
      version: '1.2.3',
    };
    const own = JSON.stringify(createTeamsManifest(commandSpecs, app));
    expect(own).not.toContain(exampleApp.appId);
    expect(own).not.toContain(exampleApp.domain);
    expect(own.split(app.appId)).toHaveLength(3);
  });
});

test.each([
  ['A command that is too long', [spec('w'.repeat(33))], 'too long'],
  ['A description that is too long', [spec('word', 'd'.repeat(129))], 'too long'],
  ['A list of too many commands', Array.from({ length: 13 }, (_, n) => spec(`word${n}`)), 'remove some'],
])('%s is rejected', (_, specs, reason) => {
  expect(() => createTeamsManifest(specs, exampleApp)).toThrow(reason);
});

const pixelsOf = ({ data }: PNG) =>
  Array.from({ length: data.length / 4 }, (_, n) => [...data.subarray(n * 4, n * 4 + 4)]);

describe('the icons', () => {
  test('The icon color.png is 192 by 192 and opaque', () => {
    const icon = PNG.sync.read(file('icons/color.png'));
    expect([icon.width, icon.height]).toEqual([192, 192]);
    expect(pixelsOf(icon).filter(([, , , alpha]) => alpha !== 255)).toEqual([]);
  });

  test('The icon outline.png is 32 by 32, white on transparent', () => {
    const icon = PNG.sync.read(file('icons/outline.png'));
    expect([icon.width, icon.height]).toEqual([32, 32]);
    const seen = pixelsOf(icon).filter(([, , , alpha]) => alpha !== 0);
    expect(seen.filter(([red, green, blue]) => red !== 255 || green !== 255 || blue !== 255)).toEqual([]);
    const solid = seen.filter(([, , , alpha]) => alpha === 255);
    expect(solid.length).toBeGreaterThan(100);
    expect(solid.length).toBeLessThan(32 * 32 * 0.6);
  });
});
