import type { BotClient } from '../bot-client.ts';
import { type Check, ok, toReason, warn } from './finding.ts';

/** The bot, as whoever watches it sees it. */
export const checkBot =
  (bot: Pick<BotClient, 'unready'>): Check =>
  async () => {
    try {
      const reason = await bot.unready();
      return [reason === null ? ok('bot', 'ready') : warn('bot', `not ready: ${reason}`, 'Look at its log.')];
    } catch (error) {
      return [warn('bot', toReason(error), 'npm start runs everything; npm run bot runs the bot alone.')];
    }
  };
