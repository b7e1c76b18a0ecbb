import type { ListTone } from './card.ts';

/**
 * How a chat draws the parts of a card, once it is decided which of their words are shown.
 * Drawings must grow with what is drawn, for the room is shared out by measuring them.
 */
export interface CardRenderer<Drawing> {
  text(text: string, strong: boolean): Drawing;
  /** `rest` says what is not listed, and is empty when nothing is. */
  list(title: string, tone: ListTone, lines: readonly string[], rest: string): Drawing;
  log(title: string, lines: readonly string[], rest: string): Drawing;
  stages(lines: readonly string[]): Drawing;
  /** In the unit in which the chat's room is counted. */
  sizeOf(drawing: Drawing): number;
  /** Kept free for the sentence that says what was left out. */
  readonly omissionNoticeSize: number;
}
