// `npm run demo:commit -- <change>` adds a commit to the demo's branch, so that a deployment changes something.
import { existsSync } from 'node:fs';
import { changes } from './changes.ts';
import { getDemoPaths } from './paths.ts';
import { pushChange } from './repository.ts';

const usage = [
  'Usage: npm run demo:commit -- <change>',
  ...changes.map(({ name, shows }) => `  ${name.padEnd(10)} ${shows}`),
].join('\n');

const { repository } = getDemoPaths();
const name = process.argv[2];
const chosen = changes.find((change) => change.name === name);

if (!chosen) {
  console.log(name ? `Unknown change: "${name}".\n${usage}` : usage);
  process.exitCode = name ? 1 : 0;
} else if (!existsSync(repository)) {
  console.log('The demo does not exist yet. Run npm start to create it.');
  process.exitCode = 1;
} else {
  try {
    const commit = await pushChange(repository, chosen);
    console.log(`${commit}  ${chosen.message}\nThe plan shows: ${chosen.shows}.`);
    console.log('Now type  deploy web production');
  } catch (error) {
    console.log(`The change "${chosen.name}" failed: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
