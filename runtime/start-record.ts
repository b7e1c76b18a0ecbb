import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { processCommandLine } from './process-command-line.ts';

const chosen = z.object({
  /** A whole path. */
  catalog: z.string().min(1),
  temporalAddress: z.string().min(1),
  temporalNamespace: z.string().min(1),
  host: z.string().min(1),
  /** The bot's. */
  port: z.int(),
});

/** What a running `npm start` decided where the environment said nothing. */
export type StartedSettings = z.output<typeof chosen>;

const record = z.object({
  pid: z.int().positive(),
  console: z.string(),
  /** Leaders of the process groups that it started. */
  groups: z.array(z.int().positive()),
  chosen: chosen.nullish(),
});

/** What is written down about a running `npm start`. */
export type StartRecord = z.output<typeof record>;

/** Where it is, in the project's folder. */
export const startRecordFile = join('.quarterdeck', 'start.json');

export const readStartRecord = (path: string): StartRecord | null => {
  if (!existsSync(path)) return null;
  try {
    return record.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // cut off in the middle of a write, or gone meanwhile: nobody to be found by it
  }
};

/** Its number may belong to another process by now. */
export const isRunning = ({ pid }: StartRecord): boolean =>
  processCommandLine(pid).includes('scripts/start/main.ts');
