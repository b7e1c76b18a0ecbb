/** The queues that the processes poll. The bot polls `chat`, so chat tokens never meet cloud credentials. */
export const taskQueues = {
  cicd: 'cicd-queue',
  /** The default of `TEMPORAL_INFRA_PROVISION_TASK_QUEUE`. */
  infra: 'infra-provisioning',
  chat: 'chat',
} as const;

/** Where runs are worked on, by their kind. */
export interface RunQueues {
  readonly deploy: string;
  readonly provision: string;
}

export const defaultQueues: RunQueues = { deploy: taskQueues.cicd, provision: taskQueues.infra };
