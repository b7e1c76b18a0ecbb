// Separate file: prepare.mjs reads the version before it loads a file with newer syntax.
const minMajor = 20;

/** Why this Node.js cannot prepare the project and what to do, or null when it can. */
export const getNodeProblem = (version) =>
  Number(version.split('.')[0]) >= minMajor
    ? null
    : `Node.js ${version} is too old. Install version ${minMajor} or newer; the project then installs its own.\n` +
      `Fix:  install Node.js from https://nodejs.org, or  nvm install ${minMajor}`;
