// `npm run scenario -- <name>` runs one scenario on a Temporal server, whose UI shows the run.
import '../../runtime/assert-node.ts';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoScenarios, type ScenarioName } from '../../bot/console/chat/demo-scenarios.ts';
import { installRuntime } from '../../runtime/install-runtime.ts';
import { createLogger } from '../../runtime/logger.ts';
import { isRunning, readStartRecord, startRecordFile } from '../../runtime/start-record.ts';
import { startDevServer } from '../tools/dev-server.ts';
import { createScenario } from './create-scenario.ts';
import { scenarios } from './scenarios.ts';

const usage = (): string =>
  [
    'usage: npm run scenario -- <name>, with one of',
    ...demoScenarios.map(({ name, description }) => `  ${name.padEnd(26)}${description}`),
  ].join('\n');

/** The Temporal server of a running `npm start`, so that its UI shows the run; otherwise a new server. */
const findServer = async (): Promise<{ address: string; stop(): Promise<void> }> => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const record = readStartRecord(join(root, startRecordFile));
  const address = record && isRunning(record) ? record.chosen?.temporalAddress : undefined;
  if (address && /^(127\.0\.0\.1|localhost):/.test(address)) return { address, stop: async () => undefined };
  const server = await startDevServer();
  return { address: server.address, stop: () => server.teardown() };
};

const runScenario = async (name: ScenarioName): Promise<void> => {
  installRuntime(createLogger('scenario'), () => true);
  const server = await findServer();
  const { scene, close } = await createScenario(server.address, console.log);
  try {
    console.log(`${name}: ${demoScenarios.find((scenario) => scenario.name === name)?.description}`);
    console.log(`Temporal at ${server.address}, namespace ${scene.client.options.namespace}\n`);
    await scenarios[name](scene);
    console.log(`\n${name}: completed as expected.`);
  } finally {
    await close();
    await server.stop();
  }
};

const isScenario = (name: string | undefined): name is ScenarioName =>
  name !== undefined && name in scenarios;

const [name, ...rest] = process.argv.slice(2);
if (isScenario(name) && rest.length === 0) {
  try {
    await runScenario(name);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
} else {
  console.error(
    name === undefined ? usage() : `Unknown scenario: "${[name, ...rest].join(' ')}".\n${usage()}`,
  );
  process.exitCode = 2;
}
