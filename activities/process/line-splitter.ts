import { StringDecoder } from 'node:string_decoder';

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
