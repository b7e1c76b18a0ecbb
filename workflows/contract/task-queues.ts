/** The queues that the processes poll. The bot polls `chat`, so chat tokens never meet cloud credentials. */
export const taskQueues = {
  cicd: 'cicd-queue',
  chat: 'chat',
} as const;
