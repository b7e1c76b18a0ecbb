import { connectClient } from '../../runtime/connect-client.ts';
import type { Env } from '../../runtime/env.ts';
import { temporalSettings } from '../../runtime/temporal.ts';
import { createBotClient } from '../bot-client.ts';
import type { CliEnv } from '../env.ts';
import { checkBot } from './check-bot.ts';
import { checkCatalog } from './check-catalog.ts';
import { checkNode } from './check-node.ts';
import { checkSlack } from './check-slack.ts';
import { checkArtifacts, checkDatabase } from './check-storage.ts';
import { checkTemporalServer } from './check-temporal.ts';
import { checkTools } from './check-tools.ts';
import type { Check } from './finding.ts';
import { slackScopes } from './slack-scopes.ts';

/** Everything that a deployment needs, in the order in which it is set up. */
export const allChecks = (settings: CliEnv, env: Env): readonly Check[] => {
  const temporal = temporalSettings(env);
  return [
    checkNode(process.version),
    checkTemporalServer(connectClient(temporal), temporal),
    checkCatalog(settings.QUARTERDECK_CATALOG),
    checkTools(settings.TERRAFORM_BIN ?? null, env),
    checkDatabase(settings.DATABASE_URL ?? null),
    checkArtifacts(settings.ARTIFACTS_URL, env),
    checkSlack({
      token: settings.SLACK_BOT_TOKEN ?? null,
      apiUrl: settings.SLACK_API_URL ?? null,
      scopes: slackScopes(),
    }),
    checkBot(createBotClient({ host: settings.HOST, port: settings.PORT })),
  ];
};
