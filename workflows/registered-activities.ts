/** `buildImage` -> `build_image`: the names under which activities are registered. */
type SnakeCase<Name extends string> = Name extends `${infer Head}${infer Tail}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Tail>}`
  : Name;

/** Activities under the names that stand in the history. */
export type Registered<Activities> = {
  [Name in keyof Activities as SnakeCase<Name & string>]: Activities[Name];
};
