import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Longer lines lose their end, so that memory use stays bounded. */
const maxLineLength = 1024 * 1024;

const truncationMark = ' … (truncated)';

/** Splits chunks of bytes into lines. */
export interface LineSplitter {
  /** Returns the lines that this chunk completes. */
  add(chunk: Buffer): string[];
  /** Returns the text after the last line break. */
  end(): string[];
}

/** Splits UTF-8 bytes at line breaks, however they are chunked. Drops the end of longer lines. */
export const createLineSplitter = (maxLength = maxLineLength): LineSplitter => {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let truncated = false;

  const keep = (text: string): void => {
    if (truncated) return;
    rest += text;
    truncated = rest.length > maxLength;
    if (truncated) rest = rest.slice(0, maxLength) + truncationMark;
  };

  const take = (): string => {
    const line = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    rest = '';
    truncated = false;
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

/** A progress bar overwrites its line with carriage returns; a terminal shows the last part. */
const lastDrawn = (line: string): string => {
  const drawn = line.split('\r').filter((part) => part.trim() !== '');
  return drawn.at(-1) ?? '';
};

/** A line as a terminal shows it, without colours, cursor movements and other control characters. */
export const cleanLine = (line: string): string =>
  stripVTControlCharacters(lastDrawn(line))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are removed
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .trimEnd();

/** Truncates a text at its end to `maxLength` characters, with an ellipsis. A split emoji becomes U+FFFD. */
export const truncateEnd = (text: string, maxLength: number): string =>
  text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`;

/** The tail of a command is stored in Temporal's history, so it has few and short lines. */
const maxTailLines = 20;
/** Longest line of a tail, in characters. */
export const maxTailLineLength = 200;

/** The newest lines of an output. */
export interface Tail {
  add(line: string): void;
  /** The newest `count` lines, oldest first; all of them by default. */
  last(count?: number): readonly string[];
}

/** Keeps the newest `size` lines. */
export const createTail = (size = maxTailLines): Tail => {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line);
      if (lines.length > size) lines.shift();
    },
    last: (count = size) => lines.slice(-count),
  };
};
