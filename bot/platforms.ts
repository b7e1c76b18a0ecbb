import { consolePlatform } from './console/index.ts';
import type { PlatformFactory } from './platform/platform-factory.ts';
import { slack } from './slack/index.ts';
import { teams } from './teams/index.ts';
import { teamsWebhook } from './teams/webhook/index.ts';

/** The chats. A new chat adds one line. The console is last, because it answers every path. */
export const platformFactories: readonly PlatformFactory[] = [slack, teams, teamsWebhook, consolePlatform];
