import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { processCommandLine } from './process-command-line.ts';

const chosen = z.object({
  /** An absolute path. */
  catalog: z.string().min(1),
  temporalAddress: z.string().min(1),
  temporalNamespace: z.string().min(1),
  host: z.string().min(1),
  /** The bot's port. */
  port: z.int(),
});

/** The defaults that a running `npm start` chose for unset variables. */
export type StartedSettings = z.output<typeof chosen>;

const record = z.object({
  pid: z.int().positive(),
  console: z.string(),
  /** Leaders of the process groups that it started. */
  groups: z.array(z.int().positive()),
  chosen: chosen.nullish(),
});

/** What a running `npm start` records about itself. */
export type StartRecord = z.output<typeof record>;

/** The record's path, relative to the project's folder. */
export const startRecordFile = join('.quarterdeck', 'start.json');

export const readStartRecord = (path: string): StartRecord | null => {
  if (!existsSync(path)) return null;
  try {
    return record.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // Half-written or deleted: treat it as no running start.
  }
};

/** Checks the command line too, because the operating system reuses process IDs. */
export const isRunning = ({ pid }: StartRecord): boolean =>
  processCommandLine(pid).includes('scripts/start/main.ts');
