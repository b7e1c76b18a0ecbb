// `npm run teams:package -- --app-id <guid> --domain <host>` writes the Teams app as a zip to upload.
import { readFile, writeFile } from 'node:fs/promises';
import { config } from 'dotenv';
import { strToU8, zipSync } from 'fflate';
import { commandSpecs } from '../bot/commands/index.ts';
import { createTeamsManifest, type TeamsApp } from '../bot/teams/manifest.ts';
import { PackageError, readOptions } from './teams-package/options.ts';

const icons = new URL('../bot/teams/icons/', import.meta.url);

/** A zip holds local time without a zone; its earliest time gives the same bytes in every zone. */
const mtime = new Date(1980, 0, 1);

/** The package in Teams' format: three files at the root. The same app always gives the same bytes. */
const packTeamsApp = async (app: TeamsApp): Promise<Uint8Array> => {
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

config({ quiet: true });

try {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const { app, out } = readOptions(process.argv.slice(2), process.env, version);
  await writeFile(out, await packTeamsApp(app));
  console.log(
    `Wrote ${out}: version ${app.version} for bot ${app.appId} at https://${app.domain}/api/messages.`,
  );
  console.log('Upload it in Teams: Apps, Manage your apps, Upload an app, Upload a custom app.');
} catch (error) {
  const isExpected = error instanceof PackageError || (error instanceof Error && 'code' in error);
  console.error(isExpected ? error.message : error);
  process.exitCode = 1;
}
