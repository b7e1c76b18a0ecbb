type Statement = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

const statementsOf = (text: unknown): readonly Statement[] | null => {
  if (typeof text !== 'string' || !/"(Statement|bindings)"/.test(text)) return null;
  try {
    const document = JSON.parse(text) as { Statement?: unknown; bindings?: unknown } | null;
    const isStatement = (item: unknown): item is Statement => typeof item === 'object' && item !== null;
    // Google's documents bind members to roles.
    const bindings = listOf(document?.bindings)
      .filter(isStatement)
      .map(({ members }) => ({ Effect: 'Allow', Principal: members }));
    return [...listOf(document?.Statement).filter(isStatement), ...bindings];
  } catch {
    return null;
  }
};

/** `Principal` may be "*", {"AWS": "*"} or {"AWS": ["*"]}. */
const principals = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.values(value).flatMap(listOf)
    : listOf(value);

const isWide = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^(\*|allUsers|allAuthenticatedUsers|[a-z0-9-]{1,40}:\*|arn:aws[a-z-]*:iam::\*:.*)$/.test(value);

const widthsOf = (statement: Statement): readonly string[] => {
  if (statement.Effect !== 'Allow') return [];
  const wide = (key: string, values: readonly unknown[]) =>
    values.filter(isWide).map((value) => `${value.startsWith('arn:') ? '*' : value} as ${key}`);
  return [
    ...wide('Principal', principals(statement.Principal)),
    ...wide('Action', listOf(statement.Action)),
    ...wide('Resource', listOf(statement.Resource)),
    ...['NotPrincipal', 'NotAction', 'NotResource']
      .filter((key) => key in statement)
      .map((key) => `a ${key}`),
  ];
};

export interface Widening {
  readonly before: string;
  readonly after: string;
}

/** Whether an attribute's text is a policy document of the IAM kind. */
export const isPolicyDocument = (text: unknown): boolean => statementsOf(text) !== null;

/**
 * What a policy document newly allows by wildcard, in words that quote nothing else of it.
 * null: it is not a policy document, or it is no wider than before.
 */
export const policyWidening = (before: unknown, after: unknown): Widening | null => {
  const now = statementsOf(after);
  if (now === null) return null;
  const then = statementsOf(before) ?? [];
  const old = new Set(then.flatMap(widthsOf));
  const added = [...new Set(now.flatMap(widthsOf))].filter((width) => !old.has(width));
  const denials = (list: readonly Statement[]) => list.filter(({ Effect }) => Effect === 'Deny').length;
  const lost = denials(then) - denials(now);
  const words = [
    ...(added.length > 0 ? [`allows ${added.slice(0, 4).join(', ')}`] : []),
    ...(lost > 0 ? [`${lost} Deny ${lost === 1 ? 'statement' : 'statements'} fewer`] : []),
  ];
  if (words.length === 0) return null;
  return { before: then.length === 0 ? 'none' : 'narrower', after: words.join('; ') };
};
