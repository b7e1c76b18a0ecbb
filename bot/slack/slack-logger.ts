import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { Logger } from '../../runtime/logger.ts';

/** Slack's libraries write whole payloads when they debug, so their lower levels are not taken. */
export const createSlackLogger = (logger: Logger): SlackLogger => {
  const words = (parts: readonly unknown[]): string =>
    parts
      .map((part) => (part instanceof Error ? part.message : String(part)))
      .join(' ')
      .slice(0, 1000);
  return {
    debug() {},
    info(...parts) {
      logger.debug(words(parts));
    },
    warn(...parts) {
      logger.warn(words(parts));
    },
    error(...parts) {
      logger.error(words(parts));
    },
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
};
