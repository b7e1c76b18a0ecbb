// `npm run teams:package -- --app-id <guid> --domain <host>` writes the Teams app as a zip to upload.
import { readFile, writeFile } from 'node:fs/promises';
import { config } from 'dotenv';
import { packTeamsApp } from './teams-package/archive.ts';
import { PackageError, readOptions } from './teams-package/options.ts';

config({ quiet: true });

try {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const { app, out } = readOptions(process.argv.slice(2), process.env, version);
  await writeFile(out, await packTeamsApp(app));
  console.log(
    `wrote ${out}: version ${app.version} for bot ${app.appId} at https://${app.domain}/api/messages`,
  );
  console.log('Upload it in Teams: Apps, Manage your apps, Upload an app, Upload a custom app.');
} catch (error) {
  const told = error instanceof PackageError || (error instanceof Error && 'code' in error);
  console.error(told ? error.message : error);
  process.exitCode = 1;
}
