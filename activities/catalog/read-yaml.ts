import { LineCounter, parseDocument } from 'yaml';
import { lineOf } from './line.ts';
import type { Path, Problem } from './problem.ts';

/** A YAML text as data, and the way back from the data to its lines. */
export interface Yaml {
  /** undefined when the text is no YAML. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
  readonly lineOf: (path: Path) => number;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads YAML without giving up at a doubled name: what else is wrong is wanted too. */
export const readYaml = (text: string): Yaml => {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'error',
  });
  const problems: Problem[] = document.errors.map((error) => ({
    path: [],
    line: lines.linePos(error.pos[0]).line,
    message: error.code === 'DUPLICATE_KEY' ? 'this name stands here twice' : `YAML: ${error.message}`,
  }));
  const result = { problems, lineOf: (path: Path) => lineOf(document, lines, path) };
  // Half-read YAML would bring problems of its own.
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { ...result, data: undefined };
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    return { ...result, data: data ?? {} };
  } catch (error) {
    // An alias without its anchor, or aliases that multiply.
    problems.push({ path: [], message: `YAML: ${messageOf(error)}` });
    return { ...result, data: undefined };
  }
};
