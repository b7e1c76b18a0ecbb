// Every program imports this first, so an unsupported Node version fails here with a clear error.
const supportedMajor = 24;

/** Why this Node cannot run the project and what to do; null when it can. */
export const nodeProblem = (version: string): string | null =>
  Number(/^v?(\d+)\./.exec(version)?.[1]) === supportedMajor
    ? null
    : `Node.js ${version} is not supported: Quarterdeck needs version ${supportedMajor}. Run npm install, which installs it in this folder. Then use npm start, npm run bot, npm run worker or npm run cli.`;

const problem = nodeProblem(process.version);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
