// `npm run demo:commit -- <change>`: a new commit on the demo's branch, so that there is something to deploy.
import { existsSync } from 'node:fs';
import { changes } from './changes.ts';
import { getDemoPaths } from './paths.ts';
import { pushChange } from './push-change.ts';

const usage = [
  'Usage: npm run demo:commit -- <change>',
  ...changes.map(({ name, shows }) => `  ${name.padEnd(10)} ${shows}`),
].join('\n');

const { repository } = getDemoPaths();
const name = process.argv[2];
const chosen = changes.find((change) => change.name === name);

if (!chosen) {
  console.log(name ? `There is no change "${name}".\n${usage}` : usage);
  process.exitCode = name ? 1 : 0;
} else if (!existsSync(repository)) {
  console.log('There is no demo yet: npm start makes it.');
  process.exitCode = 1;
} else {
  try {
    const commit = await pushChange(repository, chosen);
    console.log(`${commit}  ${chosen.message}\nWhat deploying it shows: ${chosen.shows}.`);
    console.log('Now type  deploy web production');
  } catch (error) {
    console.log(
      `The change "${chosen.name}" cannot be made now: ${error instanceof Error ? error.message : error}`,
    );
    process.exitCode = 1;
  }
}
