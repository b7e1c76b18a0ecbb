/** The task queues. The bot polls `chat`, so that chat tokens and cloud credentials are in separate processes. */
export const taskQueues = {
  cicd: 'cicd-queue',
  /** The default of `TEMPORAL_INFRA_PROVISION_TASK_QUEUE`. */
  infra: 'infra-provisioning',
  chat: 'chat',
} as const;

/** The task queue for each kind of run. Stacks are destroyed on the queue of provisions. */
export interface RunQueues {
  readonly deploy: string;
  readonly provision: string;
}

/** The task queues without any setting. */
export const defaultQueues: RunQueues = { deploy: taskQueues.cicd, provision: taskQueues.infra };
