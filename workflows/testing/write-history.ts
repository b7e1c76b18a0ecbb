import { writeFile } from 'node:fs/promises';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { approveApplyUpdate } from '../contract/run-messages.ts';
import { ada } from './samples.ts';
import type { Handle } from './test-world.ts';

/** Removes what belongs to the machine that recorded the history. */
const removeMachine = (key: string, value: unknown): unknown => {
  if (key === 'stackTrace') return '';
  return key === 'identity' && typeof value === 'string' ? 'recorder' : value;
};

const chosenNames = process.argv.slice(2);

/** Writes a history, unless the command line chooses other ones. */
export const saveHistory = async (name: string, run: { fetchHistory: Handle['fetchHistory'] }) => {
  if (chosenNames.length > 0 && !chosenNames.includes(name)) return;
  const json = JSON.parse(historyToJSON(await run.fetchHistory()));
  await writeFile(
    new URL(`../histories/${name}.json`, import.meta.url),
    `${JSON.stringify(json, removeMachine)}\n`,
  );
};

export const approve = (run: Handle) => run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
/** A failure of an activity that Temporal does not retry. */
export const createFailure = (
  type: string,
  message: string,
  details: object = { hint: null, tail: [], log: null },
) => ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
