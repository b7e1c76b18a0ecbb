import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Path, Problem } from './problem.ts';

const startOf = (node: unknown): number | null => (isNode(node) && node.range ? node.range[0] : null);

/** The line of the deepest part of a path that the text holds, from 1. */
const lineOf = (document: Document, lines: LineCounter, path: Path): number => {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (node === undefined) break;
      offset = startOf(node) ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
};

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
