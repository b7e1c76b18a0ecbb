import { CancelledFailure, TemporalFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';

const getType = (error: unknown): string => {
  if (error instanceof TemporalFailure && 'type' in error && typeof error.type === 'string')
    return error.type;
  return error instanceof Error ? error.name : 'Error';
};

const getMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Logs and measures every activity: start, outcome and duration. */
export const createActivityObserver = (logger: Logger, metrics: Metrics): ActivityInterceptorsFactory => {
  const durations = metrics.histogram('stage_seconds', 'How long a stage took.', ['stage', 'outcome']);
  const failures = metrics.counter('stage_failures_total', 'Stages that failed.', ['stage', 'type']);
  const running = metrics.gauge('stages_running', 'Stages that run now.', ['stage']);

  return ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        const { activityType: stage, attempt, isLocal } = info;
        const workflowId = info.workflowExecution?.workflowId;
        const facts = { workflowId, stage, attempt };
        const startedAt = performance.now();
        const end = (outcome: 'succeeded' | 'failed' | 'cancelled'): { ms: number } => {
          const ms = Math.round(performance.now() - startedAt);
          durations.observe({ stage, outcome }, ms / 1000);
          running.dec({ stage });
          return { ms };
        };
        running.inc({ stage });
        logger[isLocal ? 'debug' : 'info'](facts, 'stage started');
        try {
          const result = await next(input);
          logger[isLocal ? 'debug' : 'info']({ ...facts, ...end('succeeded') }, 'stage finished');
          return result;
        } catch (error) {
          if (error instanceof CancelledFailure) {
            logger.info({ ...facts, ...end('cancelled'), reason: getMessage(error) }, 'stage cancelled');
            throw error;
          }
          const type = getType(error);
          failures.inc({ stage, type });
          logger.warn({ ...facts, ...end('failed'), type, reason: getMessage(error) }, 'stage failed');
          throw error;
        }
      },
    },
  });
};
