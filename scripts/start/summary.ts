import { relative } from 'node:path';
import { definedVariables, type Env } from '../../runtime/env.ts';
import type { StartSettings } from './settings.ts';
import type { Terminal } from './terminal.ts';

/** What the bot took, for it would not have started with half of it. */
export const slackState = (env: Env): string => {
  const given = definedVariables(env);
  if (given.SLACK_BOT_TOKEN && given.SLACK_APP_TOKEN) return 'connected, Socket Mode';
  if (given.SLACK_BOT_TOKEN) return 'connected, HTTP: Slack calls /slack/events';
  return 'not connected: the console is the chat (README.md tells how to connect)';
};

/** Where the console is, as a person types it. */
export const consoleUrl = ({ host, port }: Pick<StartSettings, 'host' | 'port'>): string =>
  `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`;

/** What runs where, and what to type first. */
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
  row('Slack', slackState(env));
  row('Catalog', `${relative(root, catalog) || catalog}${demo ? ' (the demo)' : ''}`);
  row('Logs', '.quarterdeck/logs');
  say('');
  if (demo) {
    say(`  Type in the console:  ${bold('/deploy web preview')}`);
    say('  Then:                 /deploy web production   (somebody else has to approve it)');
    say('  And for more to see:  npm run demo:commit -- replicas');
  } else {
    say(`  Type in the console:  ${bold('/deploy help')}`);
  }
  say('');
  say(dim('  Ctrl-C stops everything; what runs goes on at the next start.'));
  say('');
};
