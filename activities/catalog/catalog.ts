import { readFileSync, statSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import ms, { type StringValue } from 'ms';
import { failureTypes } from '../../workflows/contract/failure.ts';
import type { StackTarget } from '../../workflows/contract/target.ts';
import { type CatalogSummary, createCatalogSummary, emptyCatalogSummary } from './catalog-summary.ts';
import { parseCatalog } from './parse.ts';
import { CatalogError } from './raw-catalog.ts';
import { type Resolution, resolveServiceTarget, resolveStackTarget } from './resolve.ts';
import type { CatalogFile } from './schema.ts';

/** A stack that is checked for drift. */
export interface DriftCheck {
  readonly stack: string;
  readonly intervalMs: number;
}

/** The drift checks of the stacks that have `drift: every 6h` or similar. */
const driftChecks = ({ stacks }: CatalogFile): readonly DriftCheck[] =>
  Object.entries(stacks).flatMap(([stack, { drift }]) =>
    drift === undefined ? [] : [{ stack, intervalMs: ms(drift.replace('every ', '') as StringValue) }],
  );

/** The logger that the catalog writes to, such as pino. */
interface CatalogLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** The current `quarterdeck.yaml`. While the file is invalid, the last valid version stays active. */
export interface Catalog {
  /** Finds a service's target. Without an environment, the service's first one. Case does not matter. */
  resolve(service: string, environment?: string): Resolution;
  /** Finds a stack's target. Case does not matter. */
  resolveStack(stack: string): Resolution<StackTarget>;
  /** The names and approval rules; empty while no catalog is active. */
  summary(): CatalogSummary;
  /** The stacks to check for drift; null while no catalog is active. */
  driftChecks(): readonly DriftCheck[] | null;
  /** The problems of the file as it is now; empty if it is active. */
  problems(): readonly string[];
  /** Stops watching the file. */
  close(): void;
}

/** How a catalog is loaded. */
export interface CatalogOptions {
  readonly logger: CatalogLog;
  /** `refuse` throws if the file is invalid at the start; `wait` stays empty until it is fixed. Default: refuse. */
  readonly whenInvalid?: 'refuse' | 'wait';
  readonly pollIntervalMs?: number;
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem =
      code === 'ENOENT'
        ? 'the file does not exist; set QUARTERDECK_CATALOG'
        : `the file cannot be read (${code})`;
    throw new CatalogError(file, [problem]);
  }
};

/** Identifies a state of the file without reading it. */
const getStamp = (file: string): string => {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    // The next read of the file reports the error.
    return String((error as NodeJS.ErrnoException).code);
  }
};

/**
 * Loads a catalog and keeps it current: a change is active at the next call, without a restart. An invalid
 * edit is logged with its problems, and the last valid catalog stays active.
 * @throws CatalogError when the file is invalid at the start, unless `whenInvalid` is `wait`.
 */
export const createCatalog = (path: string, options: CatalogOptions): Catalog => {
  const { logger, whenInvalid: broken = 'refuse', pollIntervalMs: watchEveryMs = 1000 } = options;
  const file = resolvePath(path);
  let lastStamp = '';
  let text: string | null = null;
  let current: CatalogFile | null = null;
  let problems: readonly string[] = [];

  const load = (): void => {
    const newText = readText(file);
    if (newText === text && problems.length === 0) return;
    current = parseCatalog(newText, file);
    text = newText;
    problems = [];
    logger.info({ catalog: file, services: Object.keys(current.services) }, 'the catalog is active');
  };

  const refresh = (): void => {
    const now = getStamp(file);
    if (now === lastStamp) return;
    lastStamp = now;
    try {
      load();
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      problems = error.problems;
      const fallback = current ? 'the last valid one stays active' : 'no catalog is active';
      logger.error({ catalog: file, problems }, `the catalog is invalid; ${fallback}`);
    }
  };

  refresh();
  if (!current && broken === 'refuse') throw new CatalogError(file, problems);
  // Polling also notices a file that is replaced, or reached through a link that changes.
  const watch = setInterval(refresh, watchEveryMs).unref();

  const query = <Found>(find: (catalog: CatalogFile) => Resolution<Found>): Resolution<Found> => {
    refresh();
    if (current) return find(current);
    return {
      ok: false,
      type: failureTypes.catalogInvalid,
      message: 'the catalog is invalid',
      hint: `Fix ${file}: ${problems.join('; ')}.`,
      suggestion: null,
      known: [],
    };
  };

  return {
    resolve: (service, environment) =>
      query((catalog) => resolveServiceTarget(file, catalog, service, environment)),
    resolveStack: (stack) => query((catalog) => resolveStackTarget(file, catalog, stack)),
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
