/** What to do with the value at a path: parse it as a whole, look inside, or skip it. */
export type Choice = 'take' | 'enter' | 'skip';

/** Takes one JSON document in chunks. Both methods throw when the document is malformed. */
export interface JsonPicker {
  write(chunk: Buffer): void;
  /** Throws when the document is incomplete. */
  end(): void;
}

interface Frame {
  readonly array: boolean;
  key: string;
}

const quote = 0x22;
const backslash = 0x5c;
const isOpening = (byte: number): boolean => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number): boolean => byte === 0x7d || byte === 0x5d;
/** White space, comma or colon: they need no action. */
const isBetween = (byte: number): boolean => byte <= 0x20 || byte === 0x2c || byte === 0x3a;

/** JSON.parse quotes its input in its errors, and that may be secret, so the error is replaced. */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('reading JSON: a part of the document is not valid JSON');
  }
};

/**
 * Reads one JSON document as it arrives, and parses only the chosen parts, one by one. Needs memory for the largest
 * part only. Elements of an array have the path segment `*`.
 *
 * Skipped parts are only scanned for brackets and quotes, which costs far less than a token parser. The bench
 * `plan-summary` compares it with `terraform show -json | jq` for a plan of 5,000 resources.
 */
export const pickJson = (
  choose: (path: readonly string[]) => Choice,
  onValue: (path: readonly string[], value: unknown) => void,
): JsonPicker => {
  const frames: Frame[] = [];
  let begun = false;
  let ended = false;
  // The key or value that is being read, if any.
  let inside: 'nothing' | 'key' | 'value' = 'nothing';
  let literal = false;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let awaitsKey = false;
  let kept: Buffer[] | null = null;
  let keptFrom = 0;

  const path = (): string[] => frames.map((frame) => (frame.array ? '*' : frame.key));

  const finish = (chunk: Buffer, end: number): void => {
    const wasKey = inside === 'key';
    inside = 'nothing';
    if (kept) {
      kept.push(chunk.subarray(keptFrom, end));
      const text = (kept.length === 1 ? kept[0] : Buffer.concat(kept))?.toString() ?? '';
      kept = null;
      const value = parse(text);
      const frame = frames.at(-1);
      if (wasKey && frame) frame.key = String(value);
      else onValue(path(), value);
    }
    const frame = frames.at(-1);
    awaitsKey = !wasKey && frame !== undefined && !frame.array;
    if (!frame) ended = true;
  };

  const start = (chunk: Buffer, at: number, byte: number): void => {
    begun = true;
    const isKey = awaitsKey;
    const choice = isKey ? 'take' : choose(path());
    if (choice === 'enter' && isOpening(byte)) {
      frames.push({ array: byte === 0x5b, key: '' });
      awaitsKey = byte === 0x7b;
      return;
    }
    inside = isKey ? 'key' : 'value';
    kept = choice === 'take' ? [] : null;
    keptFrom = at;
    depth = isOpening(byte) ? 1 : 0;
    inString = byte === quote;
    literal = depth === 0 && !inString;
    escaped = false;
    if (isKey && !inString) throw new Error(`reading JSON: expected a key at byte ${at} of ${chunk.length}`);
  };

  const close = (): void => {
    frames.pop();
    const frame = frames.at(-1);
    awaitsKey = frame !== undefined && !frame.array;
    if (!frame) ended = true;
  };

  /** Scans to the end of the value. Returns the index after it, or the chunk's length when the value continues. */
  const scan = (chunk: Buffer, from: number): number => {
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) {
          inString = false;
          if (depth === 0) return stop(chunk, at + 1);
        }
      } else if (literal) {
        if (isBetween(byte) || isClosing(byte)) return stop(chunk, at);
      } else if (byte === quote) inString = true;
      else if (isOpening(byte)) depth += 1;
      else if (isClosing(byte)) {
        depth -= 1;
        if (depth === 0) return stop(chunk, at + 1);
      }
    }
    kept?.push(chunk.subarray(keptFrom));
    keptFrom = 0;
    return chunk.length;
  };

  const stop = (chunk: Buffer, end: number): number => {
    finish(chunk, end);
    return end;
  };

  return {
    write(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (inside !== 'nothing') {
          at = scan(chunk, at);
          continue;
        }
        const byte = chunk[at] as number;
        if (isBetween(byte)) at += 1;
        else if (isClosing(byte)) {
          close();
          at += 1;
        } else {
          start(chunk, at, byte);
          // The first byte never ends a value, and a kept value may begin with the last byte of a chunk.
          at = inside === 'nothing' ? at + 1 : scan(chunk, at + 1);
        }
      }
    },
    end() {
      if (inside !== 'nothing' && literal && frames.length === 0) finish(Buffer.alloc(0), 0);
      if (!begun || !ended || frames.length > 0 || inside !== 'nothing')
        throw new Error('reading JSON: the document is incomplete');
    },
  };
};
