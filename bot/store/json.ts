import { readRunView } from '../../workflows/contract/stored-views.ts';
import type { LiveRun } from '../cards/listed-run.ts';

/** JSON that PostgreSQL takes: it refuses NUL and half characters, which logs may hold. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\ufffd') : inner,
  );

/** A stored run, whichever version stored it. */
export const readRun = (run: LiveRun): LiveRun => ({ ...run, view: readRunView(run.view) });

/** Text that PostgreSQL takes. */
export const toText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
