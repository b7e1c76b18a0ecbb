import { Readable } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { ArtifactStore } from '../artifacts/port.ts';

/**
 * Adds to a stored log what could be made fit to show only after the command had ended. The log as it
 * was is better than none, so a store that fails now costs no more than the addition.
 */
export const completeLog = async (
  artifacts: ArtifactStore,
  log: ArtifactRef | null,
  lines: readonly string[],
): Promise<ArtifactRef | null> => {
  if (log === null || lines.length === 0) return log;
  async function* whole(ref: ArtifactRef) {
    yield* await artifacts.open(ref);
    yield Buffer.from(`\n${lines.join('\n')}\n`);
  }
  return artifacts.put(log.key, Readable.from(whole(log), { objectMode: false })).catch(() => log);
};
