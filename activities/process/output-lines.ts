import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** The last lines of a command. They travel through the history, so they are few and short. */
const tailLines = 20;
export const maxTailLineLength = 200;

export interface Tail {
  add(line: string): void;
  last(count?: number): readonly string[];
}

export const createTail = (size = tailLines): Tail => {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line);
      if (lines.length > size) lines.shift();
    },
    last: (count = size) => lines.slice(-count),
  };
};

/** A progress bar draws over its line; what it drew last is what a terminal shows. */
const lastDrawn = (line: string): string => {
  const drawn = line.split('\r').filter((part) => part.trim() !== '');
  return drawn.at(-1) ?? '';
};

/** A line as a person would read it: no colours, no cursor movements, no bells. */
export const cleanLine = (line: string): string =>
  stripVTControlCharacters(lastDrawn(line))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .trimEnd();

/** Cuts a line without cutting a character in two. */
export const truncateEnd = (line: string, length: number): string =>
  line.length <= length ? line : `${line.slice(0, length - 1).toWellFormed()}…`;

/** Longer lines lose their end: nobody reads them, and memory stays bounded. */
const longestLine = 1024 * 1024;

const cutMark = ' … (cut)';

export interface LineSplitter {
  /** The lines that are complete with this chunk. */
  add(chunk: Buffer): string[];
  /** What came after the last line break. */
  end(): string[];
}

/** Bytes to lines, whatever way they are chopped. */
export const createLineSplitter = (longest = longestLine): LineSplitter => {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let cut = false;

  const keep = (text: string): void => {
    if (cut) return;
    rest += text;
    cut = rest.length > longest;
    if (cut) rest = rest.slice(0, longest) + cutMark;
  };

  const take = (): string => {
    const line = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    rest = '';
    cut = false;
    return line;
  };

  const split = (text: string): string[] => {
    const lines: string[] = [];
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      keep(text.slice(from, at));
      lines.push(take());
      from = at + 1;
    }
    keep(text.slice(from));
    return lines;
  };

  return {
    add: (chunk) => split(decoder.write(chunk)),
    end() {
      const lines = split(decoder.end());
      return rest === '' ? lines : [...lines, take()];
    },
  };
};
