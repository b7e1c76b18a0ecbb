import { readFileSync, statSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import ms, { type StringValue } from 'ms';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { StackTarget } from '../../workflows/contract/target.ts';
import { type CatalogSummary, createCatalogSummary, emptyCatalogSummary } from './catalog-summary.ts';
import { parseCatalog } from './parse.ts';
import { CatalogError } from './problem.ts';
import { type Resolution, resolveServiceTarget, resolveStackTarget } from './resolve.ts';
import type { CatalogFile } from './schema.ts';

/** A stack that is compared with what is really there, and how often. */
export interface DriftCheck {
  readonly stack: string;
  readonly everyMs: number;
}

/** `every 6h` of every stack that says so. */
const driftChecks = ({ stacks }: CatalogFile): readonly DriftCheck[] =>
  Object.entries(stacks).flatMap(([stack, { drift }]) =>
    drift === undefined ? [] : [{ stack, everyMs: ms(drift.replace('every ', '') as StringValue) }],
  );

/** The lines of a log that the catalog writes; pino's logger is one. */
interface CatalogLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** `quarterdeck.yaml`, always as it is now, or as it was when it was last right. */
export interface Catalog {
  resolve(service: string, environment?: string): Resolution;
  resolveStack(stack: string): Resolution<StackTarget>;
  summary(): CatalogSummary;
  /** Which stacks are looked at for drift; null while there is no catalog in force. */
  driftChecks(): readonly DriftCheck[] | null;
  /** What is wrong with the file as it is now; empty when it is in force. */
  problems(): readonly string[];
  /** Stops watching. */
  close(): void;
}

export interface CatalogOptions {
  readonly logger: CatalogLog;
  /** `wait`: a catalog that is broken at the start is empty until it is mended. Default: refuse. */
  readonly whenInvalid?: 'refuse' | 'wait';
  readonly pollIntervalMs?: number;
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file; set QUARTERDECK_CATALOG' : `cannot be read (${code})`;
    throw new CatalogError(file, [why]);
  }
};

/** Tells one state of the file from the next without reading it. */
const stamp = (file: string): string => {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    // Why it cannot be seen is told by whoever reads it next.
    return String((error as NodeJS.ErrnoException).code);
  }
};

/**
 * Loads a catalog and keeps it current: a change counts from the next question on, without a restart. A
 * broken edit is refused, its reasons are logged, and the last good catalog stays in force.
 */
export const createCatalog = (path: string, options: CatalogOptions): Catalog => {
  const { logger, whenInvalid: broken = 'refuse', pollIntervalMs: watchEveryMs = 1000 } = options;
  const file = resolvePath(path);
  let seen = '';
  let text: string | null = null;
  let current: CatalogFile | null = null;
  let problems: readonly string[] = [];

  const load = (): void => {
    const newText = readText(file);
    if (newText === text && problems.length === 0) return;
    current = parseCatalog(newText, file);
    text = newText;
    problems = [];
    logger.info({ catalog: file, services: Object.keys(current.services) }, 'catalog in force');
  };

  const refresh = (): void => {
    const now = stamp(file);
    if (now === seen) return;
    seen = now;
    try {
      load();
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      problems = error.problems;
      const kept = current ? 'the last good one stays in force' : 'there is none in force';
      logger.error({ catalog: file, problems }, `the catalog was refused; ${kept}`);
    }
  };

  refresh();
  if (!current && broken === 'refuse') throw new CatalogError(file, problems);
  // Asking also sees a file that is replaced, or reached through a link that moves.
  const watch = setInterval(refresh, watchEveryMs).unref();

  const ask = <Found>(look: (catalog: CatalogFile) => Resolution<Found>): Resolution<Found> => {
    refresh();
    if (current) return look(current);
    return {
      ok: false,
      type: failureTypes.catalogInvalid,
      message: 'the catalog cannot be used',
      hint: `Mend ${file}: ${problems.join('; ')}.`,
      suggestion: null,
      known: [],
    };
  };

  return {
    resolve: (service, environment) =>
      ask((catalog) => resolveServiceTarget(file, catalog, service, environment)),
    resolveStack: (stack) => ask((catalog) => resolveStackTarget(file, catalog, stack)),
    summary: () => {
      refresh();
      return current ? createCatalogSummary(current) : emptyCatalogSummary;
    },
    driftChecks: () => {
      refresh();
      return current && driftChecks(current);
    },
    problems: () => {
      refresh();
      return problems;
    },
    close: () => clearInterval(watch),
  };
};
