// Imported before everything else by each program: what another Node stumbles over is then never reached.
const wanted = 24;

/** Why this Node cannot run the project and what to do; null when it can. */
export const nodeProblem = (version: string): string | null =>
  Number(/^v?(\d+)\./.exec(version)?.[1]) === wanted
    ? null
    : `This is Node.js ${version}, and Quarterdeck needs version ${wanted}. npm install brings it into this folder, and npm start, npm run bot, npm run worker and npm run cli use it.`;

const problem = nodeProblem(process.version);
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
