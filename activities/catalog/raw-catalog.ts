/** The catalog as written, before validation. */
export type Raw = Readonly<Record<string, unknown>>;

/** The value if it is a map, else an empty map: the schema reports the wrong type. */
export const asMap = (value: unknown): Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};

/** The texts of a list, each with its index. */
export const asTexts = (value: unknown): readonly (readonly [string, number])[] =>
  Array.isArray(value)
    ? value.flatMap((item, index) => (typeof item === 'string' ? [[item.trim(), index] as const] : []))
    : [];

/** Every environment of every service, with its path in the catalog. */
export const rawEnvironments = (raw: Raw) =>
  Object.entries(asMap(raw.services)).flatMap(([service, entry]) =>
    Object.entries(asMap(asMap(entry).environments)).map(([environment, value]) => ({
      service,
      environment,
      value: asMap(value),
      path: ['services', service, 'environments', environment] as const,
    })),
  );

/** The keys and indexes that lead to a place in the catalog. */
export type Path = readonly (string | number)[];

/** One problem of the catalog. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
  /** From 1. Only set for invalid YAML; otherwise the path gives the line. */
  readonly line?: number;
}

/** The catalog is invalid. The message lists every problem with its line. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`reading the catalog ${file}: ${problems.map((problem) => `\n  - ${problem}`).join('')}`);
    this.problems = problems;
  }
}
