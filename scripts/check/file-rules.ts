import { readFileSync } from 'node:fs';
import { join, matchesGlob, posix } from 'node:path';
import ts from 'typescript';
import { getLine, isProduction, root, type SourceFile, walk } from './source-files.ts';

/** A file that breaks a rule: where, and what to do. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

const minLines = 30;
const reason = /^\/\/ Separate file: \S/;
const documented = /^workflows\/contract\/|(^|\/)port\.ts$|^activities\/|^bot\/platform\/platform\.ts$/;

const countLines = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** The programs that are started, not imported; knip keeps the same list. */
const readEntries = (): readonly string[] => JSON.parse(readFileSync(join(root, 'knip.json'), 'utf8')).entry;

const readImports = ({ path, source }: SourceFile): readonly string[] => {
  const found: string[] = [];
  if (!source) return found;
  walk(source, (node) => {
    const imported =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (imported && ts.isStringLiteralLike(imported) && imported.text.startsWith('.'))
      found.push(posix.normalize(posix.join(posix.dirname(path), imported.text)));
  });
  return found;
};

/** Small files that only one other production file imports, and that do not give a reason in their first line. */
export const findFilesToFold = (files: readonly SourceFile[]): readonly Violation[] => {
  const importers = new Map<string, Set<string>>();
  const production = files.filter(({ path }) => isProduction(path));
  for (const file of production)
    for (const target of readImports(file)) {
      if (!importers.has(target)) importers.set(target, new Set());
      importers.get(target)?.add(file.path);
    }
  const entries = readEntries();
  return production.flatMap(({ path, text }) => {
    const [only, ...others] = importers.get(path) ?? [];
    const lines = countLines(text);
    if (!only || others.length > 0 || lines >= minLines || reason.test(text)) return [];
    if (entries.some((entry) => matchesGlob(path, entry))) return [];
    return [{ path, line: 1, message: `${lines} lines and one importer: fold it into ${only}` }];
  });
};

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const nameOf = (node: ts.Statement): string => {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map(({ name }) => name.getText()).join();
  const { name } = node as ts.DeclarationStatement;
  return name?.getText() ?? 'default';
};

/** Exports of contract, ports and activities without a doc comment. */
export const findUndocumented = (files: readonly SourceFile[]): readonly Violation[] =>
  files
    .filter(({ path }) => isProduction(path) && documented.test(path))
    .flatMap(({ path, source }) =>
      (source?.statements ?? [])
        .filter((node) => isExported(node) && ts.getJSDocCommentsAndTags(node).length === 0)
        .map((node) => ({
          path,
          line: source ? getLine(source, node.getStart()) : 1,
          message: `${nameOf(node)} has no doc comment`,
        })),
    );

/** How many production files there are below a folder, and the median of their lines, without index.ts. */
export const measureSizes = (
  files: readonly SourceFile[],
): { readonly count: number; readonly median: number; readonly max: number } => {
  const lines = files
    .filter(({ path }) => isProduction(path) && !path.endsWith('/index.ts'))
    .map(({ text }) => countLines(text))
    .sort((left, right) => left - right);
  return { count: lines.length, median: lines[Math.floor(lines.length / 2)] ?? 0, max: lines.at(-1) ?? 0 };
};
