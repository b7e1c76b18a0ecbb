/** Shown as it stands: what was wrong and what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
