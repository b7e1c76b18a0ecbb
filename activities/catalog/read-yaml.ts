import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Path, Problem } from './raw-catalog.ts';

const getOffset = (node: unknown): number | null => (isNode(node) && node.range ? node.range[0] : null);

/** The line, from 1, of the deepest part of a path that exists in the text. */
const findLine = (document: Document, lines: LineCounter, path: Path): number => {
  let node: unknown = document.contents;
  let offset = getOffset(node) ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      offset = getOffset(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (node === undefined) break;
      offset = getOffset(node) ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
};

/** A YAML text as data, with its problems and its line numbers. */
export interface Yaml {
  /** undefined if the text is not valid YAML. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
  /** The line, from 1, of a place in the data. */
  readonly lineOf: (path: Path) => number;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads YAML. A duplicate key does not stop it, so that all other problems are reported too. */
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
    message: error.code === 'DUPLICATE_KEY' ? 'duplicate key' : `YAML: ${error.message}`,
  }));
  const result = { problems, lineOf: (path: Path) => findLine(document, lines, path) };
  // Partly read YAML would cause misleading problems.
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { ...result, data: undefined };
  try {
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    return { ...result, data: data ?? {} };
  } catch (error) {
    // An alias without an anchor, or too many expanded aliases.
    problems.push({ path: [], message: `YAML: ${messageOf(error)}` });
    return { ...result, data: undefined };
  }
};
