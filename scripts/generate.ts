// `npm run generate` writes the files that are derived from the code. `--check` fails when one is outdated.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { catalogJsonSchema } from '../activities/catalog/schema.ts';
import { commandSpecs } from '../bot/commands/index.ts';
import type { CommandSpec } from '../bot/commands/spec.ts';
import { createSlackManifest } from '../bot/slack/manifest.ts';
import { createTeamsManifest, exampleApp } from '../bot/teams/manifest.ts';
import { readMessages } from './check/messages.ts';
import { readSourceFiles } from './check/source-files.ts';

/** A generated file, never edited by hand. */
interface Generated {
  /** From the root of the repository. */
  readonly path: string;
  /** The new content; `present` is the file as it is, for a file of which only a part is generated. */
  readonly make: (present: string) => string;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const maxUsageLength = 60;

/** The usage of a command; `[options]` stands for the options of a long one. */
const shortenUsage = (usage: string): string =>
  usage.length <= maxUsageLength ? usage : usage.replace(/(\s*\[--[^\]]*\])+/, ' [options]');

/** Slack registers no `/help`, so help is a command after the first one. */
const toRow = ({ name, usage, description }: CommandSpec): readonly [string, string] => [
  `\`/${`${name === 'help' ? 'deploy help' : name} ${shortenUsage(usage)}`.trim().replaceAll('|', '\\|')}\``,
  description,
];

/** A Markdown table of the commands. */
const createCommandTable = (specs: readonly CommandSpec[]): string =>
  [['Command', 'What it does'], ['---', '---'], ...specs.map(toRow)]
    .map(([command, description]) => `| ${command} | ${description} |`)
    .join('\n');

const tableMarkers = /(<!-- commands:begin[^\n]*-->\n)[\s\S]*?(<!-- commands:end -->)/;

const updateReadme = (present: string): string =>
  present.replace(
    tableMarkers,
    (_, begin: string, end: string) => `${begin}\n${createCommandTable(commandSpecs)}\n\n${end}`,
  );

/** Every message of the product once, in alphabetical order, so that a change of a text is easy to review. */
const listMessages = (): string => {
  const texts = readMessages(readSourceFiles()).map(({ text }) => text);
  return `${[...new Set(texts)].sort().join('\n')}\n`;
};

const generated: readonly Generated[] = [
  { path: 'quarterdeck.schema.json', make: () => json(catalogJsonSchema()) },
  { path: 'bot/slack/manifest.http.json', make: () => json(createSlackManifest(commandSpecs, 'http')) },
  { path: 'bot/slack/manifest.socket.json', make: () => json(createSlackManifest(commandSpecs, 'socket')) },
  { path: 'bot/teams/manifest.json', make: () => json(createTeamsManifest(commandSpecs, exampleApp)) },
  { path: 'README.md', make: updateReadme },
  { path: 'test/golden/messages.txt', make: listMessages },
];

const root = fileURLToPath(new URL('../', import.meta.url));
const checking = process.argv.includes('--check');

/** Formats generated JSON and Markdown as Biome does, so that the format check accepts it. */
const formatted = async (path: string, content: string): Promise<string> => {
  if (path.endsWith('.txt')) return content;
  const options = { cwd: root, preferLocal: true, input: content, stripFinalNewline: false };
  const { stdout } = await execa('biome', ['format', `--stdin-file-path=${path}`], options);
  return stdout;
};

const stale = await Promise.all(
  generated.map(async ({ path, make }) => {
    const file = `${root}${path}`;
    const present = await readFile(file, 'utf8').catch(() => '');
    const content = await formatted(path, make(present));
    if (present === content) return [];
    if (checking) return [path];
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    console.log(`wrote ${path}`);
    return [];
  }),
);
if (stale.flat().length > 0) {
  console.error(`Outdated: ${stale.flat().join(', ')}. Run \`npm run generate\`.`);
  process.exitCode = 1;
}
