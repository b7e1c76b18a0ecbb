// Runs before `npm start`, `npm test`, `npm run check` and `npm run bench`: brings what is missing.
// Plain JavaScript without dependencies, because it runs when nothing is installed yet. The version is
// looked at before anything else is loaded, so that an old Node gets a sentence and not a syntax error.
import { nodeProblem } from './prepare/node-version.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  process.stderr.write(`\nprepare: ${problem}\n\n`);
  process.exit(1);
}
const { prepare } = await import('./prepare/main.mjs');
await prepare(process.argv[2] ?? 'check', process.env);
