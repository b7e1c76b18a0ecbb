import { styleText } from 'node:util';

const repeatAfterMs = 60_000;

/** What the person at the terminal is told. */
export interface Terminal {
  say(line: string): void;
  /** A problem of a process; the same words come once a minute at most. */
  problem(from: string, text: string): void;
  bold(text: string): string;
  dim(text: string): string;
}

const widest = 500;

const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > widest ? `${line.slice(0, widest)}…` : line;
};

export const createTerminal = (out: NodeJS.WriteStream): Terminal => {
  // A terminal that was closed must not take us down before everything is stopped.
  out.on('error', () => undefined);
  const style = (format: 'bold' | 'dim' | 'yellow') => (text: string) =>
    styleText(format, text, { stream: out });
  const lastSaid = new Map<string, number>();
  const say = (line: string): void => {
    out.write(`${line}\n`);
  };
  const yellow = style('yellow');
  return {
    say,
    problem(from, text) {
      const line = `${from}: ${oneLine(text)}`;
      if (Date.now() - (lastSaid.get(line) ?? 0) < repeatAfterMs) return;
      lastSaid.set(line, Date.now());
      say(yellow(line));
    },
    bold: style('bold'),
    dim: style('dim'),
  };
};
