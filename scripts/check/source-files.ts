import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A tracked file. `source` is its syntax tree, or null when the file is not TypeScript or JavaScript. */
export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly source: ts.SourceFile | null;
}

/** A piece of text that a person reads, and the line where it starts. */
export interface Passage {
  readonly line: number;
  readonly kind: 'string' | 'comment' | 'text';
  readonly text: string;
}

const code = /\.(ts|mjs|js)$/;
const prose = /(\.(md|rego|tf|sh|yaml|example)|Dockerfile|\.ci\/run)$/;
const generated = /(^|\/)(golden|histories)\/|\.gen\.json$|bot\/console\/testing\/names\.js$/;

/** Tests, fixtures and examples; everything else is production code. */
export const isProduction = (path: string): boolean =>
  code.test(path) && !/\.test\.ts$|(^|\/)testing\/|^(test|bench|examples)\/|\.config\.ts$|^\./.test(path);

/** Every file that the checks read, in the order of `git ls-files`. New files that git does not ignore count too. */
export const readSourceFiles = (): readonly SourceFile[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => (code.test(path) || prose.test(path)) && !generated.test(path))
    .filter((path) => existsSync(join(root, path)))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const source = code.test(path) ? ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) : null;
      return { path, text, source };
    });

/** The line of a position, from 1. */
export const getLine = (source: ts.SourceFile, position: number): number =>
  source.getLineAndCharacterOfPosition(position).line + 1;

/** Calls `visit` for every node of a tree, parents first. */
export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
};

/** A template's text, with `…` for each placeholder. */
export const getTemplateText = (node: ts.TemplateExpression): string =>
  node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');

const isModulePath = ({ parent }: ts.Node): boolean =>
  ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);

const readComments = (source: ts.SourceFile): readonly Passage[] => {
  const found = new Map<number, Passage>();
  const add = (ranges: readonly ts.CommentRange[] | undefined): void => {
    for (const { pos, end } of ranges ?? [])
      found.set(pos, { line: getLine(source, pos), kind: 'comment', text: source.text.slice(pos, end) });
  };
  walk(source, (node) => {
    add(ts.getLeadingCommentRanges(source.text, node.pos));
    add(ts.getTrailingCommentRanges(source.text, node.end));
    add(ts.getLeadingCommentRanges(source.text, node.end));
  });
  return [...found.values()];
};

const readStrings = (source: ts.SourceFile): readonly Passage[] => {
  const found: Passage[] = [];
  const add = (node: ts.Node, text: string): void => {
    found.push({ line: getLine(source, node.getStart()), kind: 'string', text });
  };
  walk(source, (node) => {
    if (ts.isStringLiteralLike(node) && !isModulePath(node)) add(node, node.text);
    else if (ts.isTemplateExpression(node)) add(node, getTemplateText(node));
  });
  return found;
};

/** Markdown without its fenced blocks; the lines stay where they are. */
const readLines = ({ path, text }: SourceFile): readonly Passage[] => {
  let fenced = false;
  return text.split('\n').flatMap((line, at): readonly Passage[] => {
    if (path.endsWith('.md') && line.trimStart().startsWith('```')) fenced = !fenced;
    return fenced ? [] : [{ line: at + 1, kind: 'text', text: line }];
  });
};

/** The comments and strings of code, or the lines of other text. */
export const readPassages = (file: SourceFile): readonly Passage[] =>
  file.source ? [...readComments(file.source), ...readStrings(file.source)] : readLines(file);
