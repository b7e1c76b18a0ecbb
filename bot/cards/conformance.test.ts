import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { sampleNotices } from './testing/sample-notices.ts';
import { sampleRuns } from './testing/samples.ts';

// Each platform's own test draws every sample and compares it with the kept drawing.
test.each([
  ['the console', '../console/golden'],
  ['Slack', '../slack/golden'],
  ['Teams', '../teams/golden'],
])('%s draws every sample, and nothing that is no sample any more', async (_, folder) => {
  const kept = await readdir(new URL(folder, import.meta.url));
  const names = new Set(kept.map((file) => file.split('.', 1)[0]));
  expect([...names].sort()).toEqual([...sampleRuns, ...sampleNotices].map(({ name }) => name).sort());
});
