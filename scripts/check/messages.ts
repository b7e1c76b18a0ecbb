import ts from 'typescript';
import { findBannedWords } from './banned-words.ts';
import { getLine, getTemplateText, isProduction, type SourceFile, walk } from './source-files.ts';

/** A text of the product that a person reads, with `…` for each placeholder. */
export interface Message {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const maxWords = 20;
const badStart = /^(it|it's|there|what|nobody|somebody|anybody|whoever|no one)\b/i;
/** Templates that hold another language than English. */
const otherLanguages = new Set(['sql', 'css', 'raw']);
const statement =
  /^\s*(select|insert into|update \w+ set|delete from|with \w+ as|create |alter |drop |pragma )/i;
const codeLike = /[{}]|=>|;\s*\n|\b(function|const|return|import)\s.*[;=(]|^[\w-]+(\s+[\w-]+=\S*)+$/;

const wordsOf = (text: string): readonly string[] =>
  text.split(/\s+/).filter((word) => /[\p{L}\p{N}…]/u.test(word));

/** At least three words with a space between them, of which two are plain English words. */
const isMessage = (text: string): boolean =>
  wordsOf(text).length >= 3 &&
  (text.match(/(?<![\w./-])[A-Za-z']{2,}(?![\w/-])/g) ?? []).length >= 2 &&
  !statement.test(text) &&
  !codeLike.test(text);

/** The text between the tags of HTML; other text as it is. */
const toPieces = (text: string): readonly string[] =>
  text
    .replaceAll(/<(style|script|svg)[\s\S]*?<\/\1>|<[^<>]*>/g, '\n')
    .split('\n')
    .map((piece) => piece.replaceAll(/\s+/g, ' ').trim());

const isLiteral = (node: ts.Node): node is ts.StringLiteralLike | ts.TemplateExpression =>
  ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

const isSum = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;

/** The text of `'a' + b + 'c'`: literals are joined, other operands become placeholders. */
const readText = (node: ts.Node): string => {
  if (isSum(node)) return readText(node.left) + readText(node.right);
  if (ts.isParenthesizedExpression(node)) return readText(node.expression);
  if (ts.isTemplateExpression(node)) return getTemplateText(node);
  return ts.isStringLiteralLike(node) ? node.text : '…';
};

const isOtherLanguage = (node: ts.Node): boolean =>
  ts.isTaggedTemplateExpression(node.parent) &&
  otherLanguages.has(node.parent.tag.getText().split('.')[0] ?? '');

const isPart = (node: ts.Node): boolean => {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isLiteralTypeNode(parent))
    return true;
  return isSum(parent) || (ts.isParenthesizedExpression(parent) && isPart(parent));
};

const readFile = ({ path, source }: SourceFile): readonly Message[] => {
  const found: Message[] = [];
  if (!source || !isProduction(path)) return found;
  walk(source, (node) => {
    const whole = isSum(node)
      ? !isSum(node.parent)
      : isLiteral(node) && !isPart(node) && !isOtherLanguage(node);
    if (!whole) return;
    const line = getLine(source, node.getStart());
    for (const text of toPieces(readText(node))) if (isMessage(text)) found.push({ path, line, text });
  });
  return found;
};

/** Every message of the production code. The checks and the generators have none. */
export const readMessages = (files: readonly SourceFile[]): readonly Message[] =>
  files.filter(({ path }) => !/^scripts\/(check|generate|demo|screenshots)/.test(path)).flatMap(readFile);

/** The sentences of a text. A semicolon does not end a sentence; a full stop followed by a capital letter does. */
const splitSentences = (text: string): readonly string[] =>
  text.split(/(?<=[.!?][)”"']?)\s+(?=["“'`(]?[\p{Lu}…])/u);

/** Why a text is hard to read: one line for each rule that it breaks. */
export const checkMessage = (path: string, text: string): readonly string[] =>
  splitSentences(text).flatMap((sentence) => {
    const count = wordsOf(sentence).length;
    const start = badStart.exec(sentence)?.[0];
    return [
      ...(count > maxWords ? [`${count} words, at most ${maxWords} in a sentence: ${sentence}`] : []),
      ...(start ? [`starts with "${start}", name who acts: ${sentence}`] : []),
      ...findBannedWords(path, sentence).map(
        ({ word, instead }) => `"${word}" (write ${instead}): ${sentence}`,
      ),
    ];
  });
