const oldest = 20;

/** Why this Node cannot prepare the project and what to do, or null when it can. */
export const nodeProblem = (version) =>
  Number(version.split('.')[0]) >= oldest
    ? null
    : `Node.js ${version} is too old: ${oldest} or newer is needed to begin with (the project brings its own after that).\n` +
      `To mend it:  install Node.js from https://nodejs.org, or  nvm install ${oldest}`;
