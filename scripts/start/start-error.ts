/** Why nothing was started, as a sentence for the terminal, and the command that fixes it. */
export class StartError extends Error {
  override readonly name = 'CannotStart';
  readonly fix: string | null;

  constructor(message: string, fix: string | null = null) {
    super(message);
    this.fix = fix;
  }
}
