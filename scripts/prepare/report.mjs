const heartbeatMs = 10_000;

/** A failure that a person can mend: the sentence says what happened, `mend` is the command that helps. */
export class FixableError extends Error {
  constructor(message, mend) {
    super(message);
    this.mend = mend;
  }
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Lines such as `prepare: packages: installed (12.3 s)`, and a sign of life while a step takes long. */
export const createReport = (out) => {
  const say = (line) => out.write(`prepare: ${line}\n`);
  return {
    say,
    /** Runs a step; `work` gets a function that sets what the signs of life say. */
    async step(name, doing, work) {
      const since = Date.now();
      let detail = '';
      say(`${name}: ${doing}`);
      const timer = setInterval(() => say(`${name}: still at it, ${seconds(since)}${detail}`), heartbeatMs);
      try {
        const result = await work((text) => {
          detail = text ? `: ${text}` : '';
        });
        say(`${name}: ${result?.ok === false ? 'failed' : 'done'} (${seconds(since)})`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
    failed(error) {
      const mend = error instanceof FixableError ? `\nTo mend it:  ${error.mend}\n` : '';
      out.write(`\nprepare: ${mend ? error.message : (error.stack ?? error)}\n${mend}\n`);
    },
  };
};
