/** A word that people can type, as data: help, manifests and usage lines are made from it. */
export interface CommandSpec {
  readonly name: string;
  /** What follows the word: `<service> [environment] [--ref <branch or commit>]`. */
  readonly usage: string;
  /** One sentence without a full stop. */
  readonly description: string;
  /** A whole example of what follows the word. */
  readonly example: string;
}
