import { stripVTControlCharacters } from 'node:util';

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
export const shorten = (line: string, length: number): string =>
  line.length <= length ? line : `${line.slice(0, length - 1).toWellFormed()}…`;
