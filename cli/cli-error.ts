/** An error whose message is printed as it is: the problem and the next step. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
