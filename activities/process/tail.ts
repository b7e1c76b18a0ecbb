/** The last lines of a command. They travel through the history, so they are few and short. */
const tailLines = 20;
export const tailWidth = 200;

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
