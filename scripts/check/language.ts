// `node scripts/check/language.ts [folders or files…]` lists what breaks the rules for words, sentences and files.
// `--counts` prints the number for each folder and rule only.
import { findBannedWords } from './banned-words.ts';
import { findFilesToFold, findUndocumented, measureSizes, type Violation } from './file-rules.ts';
import { checkMessage, readMessages } from './messages.ts';
import { readPassages, readSourceFiles, type SourceFile } from './source-files.ts';

const wordList = 'scripts/check/banned-words.ts';

const findWords = (files: readonly SourceFile[]): readonly Violation[] =>
  files
    .filter(({ path }) => path !== wordList)
    .flatMap((file) =>
      readPassages(file).flatMap(({ line, text }) =>
        findBannedWords(file.path, text).map(({ at, word, instead }) => ({
          path: file.path,
          line: line + text.slice(0, at).split('\n').length - 1,
          message: `"${word}": write ${instead}`,
        })),
      ),
    );

const findSentences = (files: readonly SourceFile[]): readonly Violation[] =>
  readMessages(files).flatMap(({ path, line, text }) =>
    checkMessage(path, text)
      .filter((message) => !message.startsWith('"')) // the word rule lists these
      .map((message) => ({ path, line, message })),
  );

const files = readSourceFiles();
const rules: Readonly<Record<string, readonly Violation[]>> = {
  words: findWords(files),
  sentences: findSentences(files),
  fold: findFilesToFold(files),
  docs: findUndocumented(files),
};

const args = process.argv.slice(2);
const folders = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.replace(/^\.\/|\/$/g, ''));
const isChosen = ({ path }: { readonly path: string }): boolean =>
  folders.length === 0 || folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

const chosen = Object.entries(rules).map(([rule, all]) => [rule, all.filter(isChosen)] as const);
const total = chosen.reduce((sum, [, all]) => sum + all.length, 0);

if (!args.includes('--counts'))
  for (const [rule, all] of chosen)
    for (const { path, line, message } of all) console.log(`${path}:${line}  ${rule}: ${message}`);

const folderOf = ({ path }: { readonly path: string }): string =>
  path.split('/').slice(0, -1).slice(0, 2).join('/') || '.';
const sizes = measureSizes(files.filter(isChosen));
if (args.includes('--counts')) {
  const names = [...new Set(chosen.flatMap(([, all]) => all.map(folderOf)))].sort();
  for (const name of names) {
    const counts = chosen.map(
      ([rule, all]) => `${rule} ${all.filter((one) => folderOf(one) === name).length}`,
    );
    console.log(`${name.padEnd(26)} ${counts.join('  ')}`);
  }
}
console.log(
  `${chosen.map(([rule, all]) => `${rule} ${all.length}`).join(', ')}; ` +
    `${sizes.count} production files, median ${sizes.median} lines, largest ${sizes.max}`,
);
process.exitCode = total > 0 ? 1 : 0;
