import { styleText } from 'node:util';

const repeatIntervalMs = 60_000;

/** Prints to the terminal. */
export interface Terminal {
  say(line: string): void;
  /** Prints a problem of a process. The same text appears once a minute at most. */
  problem(from: string, text: string): void;
  bold(text: string): string;
  dim(text: string): string;
}

const maxLineLength = 500;

const toSingleLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line;
};

export const createTerminal = (out: NodeJS.WriteStream): Terminal => {
  // A closed terminal must not end this process before everything is stopped.
  out.on('error', () => undefined);
  const style = (format: 'bold' | 'dim' | 'yellow') => (text: string) =>
    styleText(format, text, { stream: out });
  const lastPrinted = new Map<string, number>();
  const say = (line: string): void => {
    out.write(`${line}\n`);
  };
  const yellow = style('yellow');
  return {
    say,
    problem(from, text) {
      const line = `${from}: ${toSingleLine(text)}`;
      if (Date.now() - (lastPrinted.get(line) ?? 0) < repeatIntervalMs) return;
      lastPrinted.set(line, Date.now());
      say(yellow(line));
    },
    bold: style('bold'),
    dim: style('dim'),
  };
};
