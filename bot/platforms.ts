import { consolePlatform } from './console/index.ts';
import type { PlatformFactory } from './platform-factory.ts';
import { slack } from './slack/index.ts';

/** The chats; a new one adds one line here. The console comes last, because it answers every path. */
export const platformFactories: readonly PlatformFactory[] = [slack, consolePlatform];
