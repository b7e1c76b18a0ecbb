const heartbeatMs = 10_000;

/** A failure that the reader can fix: the message says what happened, `fix` is the command to run. */
export class FixableError extends Error {
  constructor(message, fix) {
    super(message);
    this.fix = fix;
  }
}

const secondsSince = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;

/** Prints lines such as `prepare: packages: done (12 s)`, and a line every ten seconds while a step runs. */
export const createReporter = (out) => {
  const say = (line) => out.write(`prepare: ${line}\n`);
  return {
    say,
    /** Runs a step. `work` gets a function that sets what the next progress lines say. */
    async step(name, operation, work) {
      const since = Date.now();
      let detail = '';
      say(`${name}: ${operation}`);
      const timer = setInterval(() => say(`${name}: ${secondsSince(since)} so far${detail}`), heartbeatMs);
      try {
        const result = await work((text) => {
          detail = text ? `, ${text}` : '';
        });
        say(`${name}: ${result?.ok === false ? 'failed' : 'done'} (${secondsSince(since)})`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
    failed(error) {
      const fix = error instanceof FixableError ? `\nFix:  ${error.fix}\n` : '';
      out.write(`\nprepare: ${fix ? error.message : (error.stack ?? error)}\n${fix}\n`);
    },
  };
};
