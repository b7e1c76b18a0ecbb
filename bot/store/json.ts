import { readRunView } from '../../workflows/contract/stored-views.ts';
import type { LiveRun } from '../cards/listed-run.ts';

/** JSON that PostgreSQL accepts: it rejects NUL and lone surrogates, which logs may contain. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\ufffd') : inner,
  );

/** Reads a stored run, also one that an earlier version stored. That version wrote `endedOutside`. */
export const readRun = (stored: LiveRun): LiveRun => {
  const { endedOutside = null, ...run } = stored as LiveRun & { endedOutside?: LiveRun['externalEnd'] };
  return { ...run, view: readRunView(run.view), externalEnd: run.externalEnd ?? endedOutside };
};

/** Text that PostgreSQL accepts. */
export const toText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
