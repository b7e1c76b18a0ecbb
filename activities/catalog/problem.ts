/** The catalog as it was written, before anything is known to be right about it. */
export type Raw = Readonly<Record<string, unknown>>;

/** The value as a map; an empty one when it is something else, which the schema reports. */
export const asMap = (value: unknown): Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};

/** The texts of a list, each with its place in it. */
export const asTexts = (value: unknown): readonly (readonly [string, number])[] =>
  Array.isArray(value)
    ? value.flatMap((item, index) => (typeof item === 'string' ? [[item.trim(), index] as const] : []))
    : [];

/** Every environment of every service. */
export const rawEnvironments = (raw: Raw) =>
  Object.entries(asMap(raw.services)).flatMap(([service, entry]) =>
    Object.entries(asMap(asMap(entry).environments)).map(([environment, value]) => ({
      service,
      environment,
      value: asMap(value),
      path: ['services', service, 'environments', environment] as const,
    })),
  );

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
