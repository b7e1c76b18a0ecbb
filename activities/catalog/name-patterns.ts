/**
 * The one rule for a branch, a tag or a commit, wherever it comes from. Narrower than git's own: nothing
 * that a shell, git or a path could read as something else, be it an option, a range or a way upwards.
 */
export const gitRefPattern =
  /^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)|[/.]$))[\p{L}\p{N}_][\p{L}\p{N}\p{M}._/+#@=,-]{0,199}$/u;

export const isGitRef = (ref: string): boolean => gitRefPattern.test(ref);
