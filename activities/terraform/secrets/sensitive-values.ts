/**
 * Terraform's tree of marks, parallel to a value: `true` where the value is sensitive.
 * @see https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
export type SensitivityMarks = unknown;

const getChildMarks = (marks: SensitivityMarks, key: string): SensitivityMarks =>
  typeof marks === 'object' && marks !== null ? (marks as Record<string, unknown>)[key] : undefined;

/** Whether a value, or a part of it, is marked as sensitive. */
const hasMark = (marks: SensitivityMarks): boolean =>
  marks === true || (typeof marks === 'object' && marks !== null && Object.values(marks).some(hasMark));

const sensitiveMask = '(sensitive)';

/** Replaces every marked part of a value with `(sensitive)`; null stays null. */
export const maskSensitive = (value: unknown, marks: SensitivityMarks): unknown => {
  if (marks === true) return value === null || value === undefined ? value : sensitiveMask;
  if (typeof value !== 'object' || value === null || !marks) return value;
  if (Array.isArray(value))
    return value.map((part, index) => maskSensitive(part, getChildMarks(marks, String(index))));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, maskSensitive(part, getChildMarks(marks, key))]),
  );
};

/**
 * Shorter values occur in every text, so they are not redacted there. Terraform masks them where they are marked.
 */
export const minSecretLength = 4;

const commonWords = new Set(['true', 'false', 'null']);

/** Collects sensitive values, in every form in which a text may show them. */
export interface SensitiveValues {
  /** Adds the marked parts of a value. */
  addMarked(value: unknown, marks: SensitivityMarks): void;
  /** Adds a whole value. */
  add(value: unknown): void;
  readonly values: ReadonlySet<string>;
}

/** Terraform shows a secret that is itself JSON in its parts. */
const parseJsonText = (text: string): unknown => {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // It only begins like JSON: the text as a whole is the secret.
    return undefined;
  }
};

/** Starts empty. Leaves out values that are too short or too common to redact. */
export const createSensitiveValues = (): SensitiveValues => {
  const values = new Set<string>();

  const addText = (text: string): void => {
    // Texts show a secret of several lines indented, line by line.
    for (const line of [text, ...(text.includes('\n') ? text.split('\n') : [])]) {
      const trimmed = line.trim();
      if (trimmed.length >= minSecretLength && !commonWords.has(trimmed)) values.add(trimmed);
    }
    const inner = parseJsonText(text);
    if (inner !== undefined) add(inner);
  };

  const add = (value: unknown): void => {
    if (typeof value === 'string') addText(value);
    else if (typeof value === 'number') addText(String(value));
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) add(part);
  };

  const addMarked = (value: unknown, marks: SensitivityMarks): void => {
    if (marks === true) add(value);
    else if (typeof value === 'object' && value !== null && hasMark(marks))
      for (const [key, part] of Object.entries(value)) addMarked(part, getChildMarks(marks, key));
  };

  return { add, addMarked, values };
};
