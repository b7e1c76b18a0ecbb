/** Names of services, environments, stacks and groups. They stand in workflow ids, queries and commands. */
export const namePattern = /^[a-z]([a-z0-9._-]{0,38}[a-z0-9])?$/;

/**
 * A branch, a tag or a commit, wherever it comes from. Stricter than git: nothing that a shell, git or a
 * path could read as an option, a range or a parent folder.
 */
export const gitRefPattern =
  /^(?!.*(\.\.|\/\/|\/\.|\.lock(\/|$)|[/.]$))[\p{L}\p{N}_][\p{L}\p{N}\p{M}._/+#@=,-]{0,199}$/u;

/** Whether a text can be the name of a branch, a tag or a commit. */
export const isGitRef = (ref: string): boolean => gitRefPattern.test(ref);

/** A container image without a tag, with an optional registry: `registry.example.com:5000/team/web`. */
export const imageNamePattern =
  /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Longest image name, in characters. */
export const maxImageNameLength = 200;

/** Whether a text is the name of an image without a tag. */
export const isImageName = (name: string): boolean =>
  name.length <= maxImageNameLength && imageNamePattern.test(name);
