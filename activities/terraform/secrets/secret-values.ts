/** Terraform's parallel tree: true where a value is sensitive. */
export type Marks = unknown;

/** Shorter ones are in every text: hiding them would hide everything. Terraform hides them in their own place. */
export const shortestSecret = 4;

const harmless = new Set(['true', 'false', 'null']);

const child = (marks: Marks, key: string | number): Marks =>
  typeof marks === 'object' && marks !== null ? (marks as Record<string | number, unknown>)[key] : undefined;

/** Whether Terraform marks a value, or something in it, as sensitive. */
const hasMark = (marks: Marks): boolean =>
  marks === true || (typeof marks === 'object' && marks !== null && Object.values(marks).some(hasMark));

/** Collects what Terraform marks as sensitive, in every form in which a text may show it. */
export interface SecretValues {
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

export const createSecretValues = (): SecretValues => {
  const values = new Set<string>();

  const addText = (text: string): void => {
    // Texts show a secret of several lines indented, line by line.
    for (const line of [text, ...(text.includes('\n') ? text.split('\n') : [])]) {
      const needle = line.trim();
      if (needle.length >= shortestSecret && !harmless.has(needle)) values.add(needle);
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
