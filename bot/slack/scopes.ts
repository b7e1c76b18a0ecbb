/** Every scope that the bot asks for, and why. */
export const botScopes = {
  commands: 'the slash commands',
  'chat:write': 'cards, threads and answers',
  'chat:write.public': 'cards in public channels that the bot was not invited to',
  'users:read': 'who clicked: member, guest or bot',
  'users:read.email': 'the work e-mail by which approvers are named in the catalog',
  'files:write': 'the whole plan as a file in the thread',
  'app_mentions:read': 'words in threads, where slash commands do not work',
  'channels:history': 'looking whether a message arrived before posting it again, in public channels',
  'groups:history': 'the same in private channels',
  'im:history': 'the same in direct messages with the bot',
} as const;

/** Every event that the bot is sent. */
export const botEvents = ['app_home_opened', 'app_mention'] as const;
