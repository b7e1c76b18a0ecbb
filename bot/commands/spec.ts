/** A command as data. Help, the chats' manifests, the CLI and usage lines are generated from it. */
export interface CommandSpec {
  readonly name: string;
  /** The arguments: `<service> [environment] [--ref <branch or commit>]`. */
  readonly usage: string;
  /** One sentence without a full stop. */
  readonly description: string;
  /** Complete example arguments. */
  readonly example: string;
}
