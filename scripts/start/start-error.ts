/** Why nothing was started, in a sentence for the person at the terminal, and the command that mends it. */
export class StartError extends Error {
  override readonly name = 'CannotStart';
  readonly fix: string | null;

  constructor(message: string, mend: string | null = null) {
    super(message);
    this.fix = mend;
  }
}
