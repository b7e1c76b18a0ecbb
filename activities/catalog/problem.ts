/** Where something is: the keys and indexes that lead to it. */
export type Path = readonly (string | number)[];

/** Something wrong with the catalog. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** Set where the text itself cannot be read; else it follows from the path. */
  readonly line?: number;
}

/** The catalog cannot be used. The message lists every problem with its line. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`reading the catalog ${file}: ${problems.map((problem) => `\n  - ${problem}`).join('')}`);
    this.problems = problems;
  }
}
