import { writeFile } from 'node:fs/promises';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { approveApplyUpdate } from '../contract/run-messages.ts';
import { ada } from './samples.ts';
import type { Handle } from './test-world.ts';

/** Without what belongs to the machine that recorded it. */
const scrub = (key: string, value: unknown): unknown => {
  if (key === 'stackTrace') return '';
  return key === 'identity' && typeof value === 'string' ? 'recorder' : value;
};

const wanted = process.argv.slice(2);

/** Writes a history, unless others alone are wanted. */
export const keep = async (name: string, run: { fetchHistory: Handle['fetchHistory'] }) => {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const json = JSON.parse(historyToJSON(await run.fetchHistory()));
  await writeFile(new URL(`../histories/${name}.json`, import.meta.url), `${JSON.stringify(json, scrub)}\n`);
};

export const approve = (run: Handle) => run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
/** What an activity throws that is not to be tried again. */
export const boom = (type: string, message: string, details: object = { hint: null, tail: [], log: null }) =>
  ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
