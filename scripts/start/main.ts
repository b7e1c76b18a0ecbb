// `npm start` runs everything on one machine. It starts a Temporal server unless the environment names one.
import '../../runtime/assert-node.ts';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { config } from 'dotenv';
import { EnvError } from '../../runtime/env-error.ts';
import { startRecordFile } from '../../runtime/start-record.ts';
import { claimInstance } from './instance.ts';
import { checkPorts } from './ports.ts';
import { readSettings, toStartedSettings } from './settings.ts';
import { startAll } from './start-all.ts';
import { StartError } from './start-error.ts';
import { consoleUrl, printSummary } from './summary.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { createTerminal } from './terminal.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, '.quarterdeck');
const terminal = createTerminal(process.stdout);
const startedAt = performance.now();
/** A terminal and npm both forward the same Ctrl-C: signals within this time count as one. */
const sameSignalMs = 1000;

const stopping = new AbortController();
let supervisor: Supervisor | null = null;
let signalledAt = 0;

const onSignal = (name: string): void => {
  if (!stopping.signal.aborted) {
    signalledAt = Date.now();
    terminal.say(`\nStopping (${name}): waiting for running stages. Press Ctrl-C again to force.`);
    stopping.abort(new Error(`stopped by ${name}`));
  } else if (Date.now() - signalledAt > sameSignalMs) {
    signalledAt = Date.now();
    terminal.say('Stopping now.');
    void supervisor?.forceStop().then(() => process.exit(1));
  }
};
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal);

const stopRequested = new Promise<void>((resolve) => {
  stopping.signal.addEventListener('abort', () => resolve());
});

const printError = (error: unknown): void => {
  if (error instanceof StartError) {
    terminal.say(`\n${error.message}`);
    if (error.fix) terminal.say(`Fix:  ${error.fix}`);
  } else if (error instanceof EnvError) terminal.say(`\n${error.message}`);
  else terminal.say(`\nStart failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
};

try {
  config({ path: join(root, '.env'), quiet: true });
  const settings = readSettings(root, process.env);
  const record = { console: consoleUrl(settings), chosen: toStartedSettings(settings) };
  const instance = await claimInstance(join(root, startRecordFile), record, terminal.say);
  await checkPorts(settings);
  supervisor = createSupervisor(join(folder, 'logs'), instance, terminal);
  terminal.say('Starting Quarterdeck …');
  await startAll(settings, supervisor, stopping.signal);
  supervisor.markStarted();
  printSummary(settings, (performance.now() - startedAt) / 1000, terminal);
  await stopRequested;
} catch (error) {
  if (!stopping.signal.aborted) {
    printError(error);
    process.exitCode = 1;
  }
}
await supervisor?.stop();
if (stopping.signal.aborted) terminal.say('Stopped; nothing is left running.');
