import { readFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { commandSpecs } from '../../bot/commands/index.ts';
import { createTeamsManifest, type TeamsApp } from '../../bot/teams/manifest.ts';

const icons = new URL('../../bot/teams/icons/', import.meta.url);

/** A zip keeps local time without a zone; the first that it can hold is the same everywhere. */
const mtime = new Date(1980, 0, 1);

/** The package as Teams takes it: three files at the root, and the same bytes for the same app. */
export const packTeamsApp = async (app: TeamsApp): Promise<Uint8Array> => {
  const [color, outline] = await Promise.all([
    readFile(new URL('color.png', icons)),
    readFile(new URL('outline.png', icons)),
  ]);
  const manifest = `${JSON.stringify(createTeamsManifest(commandSpecs, app), null, 2)}\n`;
  return zipSync(
    { 'manifest.json': strToU8(manifest), 'color.png': color, 'outline.png': outline },
    { mtime, level: 9 },
  );
};
