import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, inject, onTestFailed, test } from 'vitest';
import { demoScenarios, type ScenarioName } from '../bot/console/chat/demo-scenarios.ts';
import { createScenario } from '../scripts/scenario/create-scenario.ts';
import { scenarios } from '../scripts/scenario/scenarios.ts';
import { installQuietRuntime } from '../workflows/testing/quiet-runtime.ts';

installQuietRuntime();

let printed: string[] = [];
let opened: Awaited<ReturnType<typeof createScenario>>;

beforeEach(async () => {
  printed = [];
  opened = await createScenario(inject('temporalAddress'), (line) => printed.push(line));
});
afterEach(() => opened.close());

/** What only this scenario prints. */
const expected: Readonly<Record<ScenarioName, string>> = {
  'happy-path': 'vpn_key = (sensitive)',
  'advanced-visibility': "Found by provisionStatus = 'denied' AND tfDirectory = 'stacks/admin-user'",
  'human-in-the-loop-signal': 'get_signal_reason answers: the auditors need an admin until Friday',
  'human-in-the-loop-update': 'An approval without a reason is refused: A reason is required',
  'recoverable-failure': 'terraform_plan failed: a bug',
  'non-recoverable-failure': 'TEMPORAL_CLOUD_API_KEY is not set on this worker; nothing was run',
  'api-failure': 'refused 2 times; terraform_plan took 3 attempts',
};

describe('the scenario', () => {
  test.each(demoScenarios.map(({ name }) => name))('%s completes as expected', async (name) => {
    onTestFailed(() => console.error(printed.join('\n')));
    await scenarios[name](opened.scene);
    const text = printed.join('\n');
    expect(text).toContain(expected[name]);
    // A command to paste, which shows the run in Temporal.
    expect(text).toMatch(/\$ temporal workflow \w+ .*--namespace scenario-\w+/);
  });

  test('fails when a run ends with another status', async () => {
    const { scene } = opened;
    await scene.startWorker();
    const run = await scene.provision('account-owner');
    await expect(scene.waitFor(run, 'succeeded')).rejects.toThrow('the run is failed');
  });

  test('that does not exist is refused with the list of scenarios', async () => {
    const main = fileURLToPath(new URL('../scripts/scenario/main.ts', import.meta.url));
    const { exitCode, stderr } = await execa(process.execPath, [main, 'sunny-path'], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Unknown scenario: "sunny-path".');
    for (const { name } of demoScenarios) expect(stderr).toContain(name);
  });
});
