// `npm start`, `npm test`, `npm run check`, `scenario` and `bench` run this first. It installs what is missing.
// Plain JavaScript without dependencies, because it runs before anything is installed. An old Node.js gets a
// sentence instead of a syntax error, so the version is checked before the other files are loaded.
import { getNodeProblem } from './prepare/node-version.mjs';

const problem = getNodeProblem(process.versions.node);
if (problem) {
  process.stderr.write(`\nprepare: ${problem}\n\n`);
  process.exit(1);
}
const { prepare } = await import('./prepare/main.mjs');
await prepare(process.argv[2] ?? 'check', process.env);
