const mask = '(sensitive)';

const childOf = (marks: Marks, key: string): Marks =>
  typeof marks === 'object' && marks !== null ? (marks as Record<string, unknown>)[key] : undefined;

/** A value with `(sensitive)` wherever Terraform's parallel tree marks it. */
export const maskSensitive = (value: unknown, marks: Marks): unknown => {
  if (marks === true) return value === null || value === undefined ? value : mask;
  if (typeof value !== 'object' || value === null || !marks) return value;
  if (Array.isArray(value))
    return value.map((part, index) => maskSensitive(part, childOf(marks, String(index))));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, maskSensitive(part, childOf(marks, key))]),
  );
};

/** Terraform's parallel tree: true where a value is sensitive. */
export type Marks = unknown;

/** Shorter ones are in every text: hiding them would hide everything. Terraform hides them in their own place. */
export const minSecretLength = 4;

const harmless = new Set(['true', 'false', 'null']);

const child = (marks: Marks, key: string | number): Marks =>
  typeof marks === 'object' && marks !== null ? (marks as Record<string | number, unknown>)[key] : undefined;

/** Whether Terraform marks a value, or something in it, as sensitive. */
const hasMark = (marks: Marks): boolean =>
  marks === true || (typeof marks === 'object' && marks !== null && Object.values(marks).some(hasMark));

/** Collects what Terraform marks as sensitive, in every form in which a text may show it. */
export interface SensitiveValues {
  /** Adds the marked parts of a value. */
  addMarked(value: unknown, marks: Marks): void;
  /** Adds all of a value. */
  add(value: unknown): void;
  readonly values: ReadonlySet<string>;
}

/** A secret that is itself JSON is shown taken apart. */
const parsed = (text: string): unknown => {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const createSensitiveValues = (): SensitiveValues => {
  const values = new Set<string>();

  const addText = (text: string): void => {
    // Texts show a secret of several lines indented, line by line.
    for (const line of [text, ...(text.includes('\n') ? text.split('\n') : [])]) {
      const needle = line.trim();
      if (needle.length >= minSecretLength && !harmless.has(needle)) values.add(needle);
    }
    const inner = parsed(text);
    if (inner !== undefined) add(inner);
  };

  const add = (value: unknown): void => {
    if (typeof value === 'string') addText(value);
    else if (typeof value === 'number') addText(String(value));
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) add(part);
  };

  const addMarked = (value: unknown, marks: Marks): void => {
    if (marks === true) add(value);
    else if (typeof value === 'object' && value !== null && hasMark(marks))
      for (const [key, part] of Object.entries(value)) addMarked(part, child(marks, key));
  };

  return { add, addMarked, values };
};
