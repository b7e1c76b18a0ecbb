import type { Html } from './html.ts';

/** A page, and those of its parts that are replaced while it is open. */
export interface Page {
  readonly title: string;
  readonly current: 'chat' | 'runs' | null;
  readonly content: Html;
  /** The root element of each has an id. */
  readonly regions: readonly Html[];
}

/** The id of a region's root element. */
export const getRegionId = (region: Html): string =>
  /^\s*<\w+ id="([\w-]+)"/.exec(region.toString())?.[1] ?? '';
