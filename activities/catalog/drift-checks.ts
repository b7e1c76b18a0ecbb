import ms, { type StringValue } from 'ms';
import type { CatalogFile } from './schema.ts';

/** A stack that is compared with what is really there, and how often. */
export interface DriftCheck {
  readonly stack: string;
  readonly everyMs: number;
}

/** `every 6h` of every stack that says so. */
export const driftChecks = ({ stacks }: CatalogFile): readonly DriftCheck[] =>
  Object.entries(stacks).flatMap(([stack, { drift }]) =>
    drift === undefined ? [] : [{ stack, everyMs: ms(drift.replace('every ', '') as StringValue) }],
  );
