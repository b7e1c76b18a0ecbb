// `npm start`: everything on one machine, with a Temporal server of its own unless one is named.
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
const began = performance.now();
/** A terminal and npm both pass on the same Ctrl-C: what comes at once is one wish, not two. */
const oneWishMs = 1000;

const stopping = new AbortController();
let supervisor: Supervisor | null = null;
let askedAt = 0;

const onSignal = (name: string): void => {
  if (!stopping.signal.aborted) {
    askedAt = Date.now();
    terminal.say(`\nStopping (${name}). Steps that run come to a clean end first; once more stops at once.`);
    stopping.abort(new Error(`stopped by ${name}`));
  } else if (Date.now() - askedAt > oneWishMs) {
    askedAt = Date.now();
    terminal.say('Stopping at once.');
    void supervisor?.hurry().then(() => process.exit(1));
  }
};
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, onSignal);

const asked = new Promise<void>((resolve) => {
  stopping.signal.addEventListener('abort', () => resolve());
});

const tell = (error: unknown): void => {
  if (error instanceof StartError) {
    terminal.say(`\n${error.message}`);
    if (error.fix) terminal.say(`To mend it:  ${error.fix}`);
  } else if (error instanceof EnvError) terminal.say(`\n${error.message}`);
  else terminal.say(`\nStarting failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
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
  supervisor.begin();
  printSummary(settings, (performance.now() - began) / 1000, terminal);
  await asked;
} catch (error) {
  if (!stopping.signal.aborted) {
    tell(error);
    process.exitCode = 1;
  }
}
await supervisor?.stop();
if (stopping.signal.aborted) terminal.say('Stopped; nothing is left running.');
