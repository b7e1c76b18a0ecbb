/** The environment is invalid. The message lists every problem and never quotes a value. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`reading the environment: ${problems.map((problem) => `\n  - ${problem}`).join('')}`);
    this.problems = problems;
  }
}

/** Runs every reader, then throws one `EnvError` with the problems of all of them. */
export const readAll = <T extends readonly unknown[]>(
  ...readers: { [Index in keyof T]: () => T[Index] }
): T => {
  const problems: string[] = [];
  const values = readers.map((read) => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof EnvError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  });
  if (problems.length > 0) throw new EnvError(problems);
  return values as unknown as T;
};
