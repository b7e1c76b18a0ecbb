import { relative } from 'node:path';
import { definedVariables, type Env } from '../../runtime/env.ts';
import type { StartSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

/** How the bot is connected to Slack. The bot refuses to start with half of the settings. */
export const getSlackState = (env: Env): string => {
  const given = definedVariables(env);
  if (given.SLACK_BOT_TOKEN && given.SLACK_APP_TOKEN) return 'connected, Socket Mode';
  if (given.SLACK_BOT_TOKEN) return 'connected, HTTP: Slack calls /slack/events';
  return 'not connected: use the console (docs/slack.md shows how to connect)';
};

/** The console's address, as a person types it. */
export const consoleUrl = ({ host, port }: Pick<StartSettings, 'host' | 'port'>): string =>
  `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`;

/** Prints what runs where, and what to type first. */
export const printSummary = (
  settings: StartSettings,
  seconds: number,
  { say, bold, dim }: Terminal,
): void => {
  const { devServer, temporal, root, env, catalog, demo } = settings;
  const row = (name: string, text: string) => say(`  ${name.padEnd(13)}${text}`);
  say('');
  say(`  ${bold('Quarterdeck is running')}  ${dim(`ready in ${seconds.toFixed(1)} s`)}`);
  say('');
  row('Console', bold(consoleUrl(settings)));
  if (devServer) row('Temporal UI', `http://localhost:${devServer.uiPort}`);
  row(
    'Temporal',
    devServer ? `localhost:${devServer.port}` : `${temporal.address} (${temporal.addressFrom})`,
  );
  row('Slack', getSlackState(env));
  row('Catalog', `${relative(root, catalog) || catalog}${demo ? ' (the demo)' : ''}`);
  row('Logs', '.quarterdeck/logs');
  say('');
  if (demo) {
    say(`  Type in the console:  ${bold('/deploy web preview')}`);
    say('  Then:                 /deploy web production   (another approver must approve it)');
    say('  For another change:   npm run demo:commit -- replicas');
  } else {
    say(`  Type in the console:  ${bold('/deploy help')}`);
  }
  say('');
  say(dim('  Ctrl-C stops everything; active runs resume on the next start.'));
  say('');
};
