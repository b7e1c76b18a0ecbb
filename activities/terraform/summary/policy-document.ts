type Statement = Readonly<Record<string, unknown>>;

const toList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

const isStatement = (item: unknown): item is Statement => typeof item === 'object' && item !== null;

/**
 * The statements of an IAM policy of AWS or Google; null for any other text.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @see https://cloud.google.com/iam/docs/reference/rest/v1/Policy
 */
const parseStatements = (text: unknown): readonly Statement[] | null => {
  if (typeof text !== 'string' || !/"(Statement|bindings)"/.test(text)) return null;
  try {
    const document = JSON.parse(text) as { Statement?: unknown; bindings?: unknown } | null;
    // Google's policies bind members to roles.
    const bindings = toList(document?.bindings)
      .filter(isStatement)
      .map(({ members }) => ({ Effect: 'Allow', Principal: members }));
    return [...toList(document?.Statement).filter(isStatement), ...bindings];
  } catch {
    // Not JSON: some other text that contains the word.
    return null;
  }
};

/** `Principal` may be "*", {"AWS": "*"} or {"AWS": ["*"]}. */
const getPrincipals = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.values(value).flatMap(toList)
    : toList(value);

const isWildcard = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^(\*|allUsers|allAuthenticatedUsers|[a-z0-9-]{1,40}:\*|arn:aws[a-z-]*:iam::\*:.*)$/.test(value);

const describeWildcards = (statement: Statement): readonly string[] => {
  if (statement.Effect !== 'Allow') return [];
  const describe = (key: string, values: readonly unknown[]) =>
    values.filter(isWildcard).map((value) => `${value.startsWith('arn:') ? '*' : value} as ${key}`);
  return [
    ...describe('Principal', getPrincipals(statement.Principal)),
    ...describe('Action', toList(statement.Action)),
    ...describe('Resource', toList(statement.Resource)),
    ...['NotPrincipal', 'NotAction', 'NotResource']
      .filter((key) => key in statement)
      .map((key) => `a ${key}`),
  ];
};

/** Both sides of a policy that became wider, in words that quote nothing but wildcards. */
export interface PolicyWidening {
  readonly before: string;
  readonly after: string;
}

/** Whether an attribute's text is an IAM policy. */
export const isPolicyDocument = (text: unknown): boolean => parseStatements(text) !== null;

/** What an IAM policy newly allows by wildcard; null when it is not a policy, or not wider than before. */
export const policyWidening = (before: unknown, after: unknown): PolicyWidening | null => {
  const newStatements = parseStatements(after);
  if (newStatements === null) return null;
  const oldStatements = parseStatements(before) ?? [];
  const oldWildcards = new Set(oldStatements.flatMap(describeWildcards));
  const added = [...new Set(newStatements.flatMap(describeWildcards))].filter(
    (wildcard) => !oldWildcards.has(wildcard),
  );
  const countDenials = (list: readonly Statement[]) => list.filter(({ Effect }) => Effect === 'Deny').length;
  const removedDenials = countDenials(oldStatements) - countDenials(newStatements);
  const parts = [
    ...(added.length > 0 ? [`allows ${added.slice(0, 4).join(', ')}`] : []),
    ...(removedDenials > 0
      ? [`${removedDenials} Deny ${removedDenials === 1 ? 'statement' : 'statements'} fewer`]
      : []),
  ];
  if (parts.length === 0) return null;
  return { before: oldStatements.length === 0 ? 'none' : 'narrower', after: parts.join('; ') };
};
