import type { Client } from '@temporalio/client';
import { explainConnectionFailure } from '../../runtime/connection-failure.ts';
import { missingSearchAttributes, registerCommand } from '../../runtime/search-attributes.ts';
import { expiryWarning } from '../../runtime/temporal-certificate.ts';
import type { TemporalSettings } from '../../runtime/temporal-settings.ts';
import { taskQueues } from '../../workflows/contract/task-queues.ts';
import { type Check, type Finding, fail, ok, toReason, warn } from './finding.ts';

const grpcNotFound = 5;
const activityQueue = 2;

const checkNamespace = async (client: Client, namespace: string): Promise<Finding> => {
  try {
    await client.workflowService.describeNamespace({ namespace });
    return ok('namespace', namespace);
  } catch (error) {
    return (error as { code?: number }).code === grpcNotFound
      ? fail(
          'namespace',
          `${namespace} does not exist`,
          `Run temporal operator namespace create ${namespace}, or set TEMPORAL_NAMESPACE.`,
        )
      : warn(
          'namespace',
          toReason(error),
          'Check that the API key or certificate has access to this namespace.',
        );
  }
};

const checkAttributes = async (client: Client, namespace: string): Promise<Finding> => {
  const missing = await missingSearchAttributes(client.connection, namespace);
  return missing.length === 0
    ? ok('search attributes', 'all registered')
    : fail(
        'search attributes',
        `missing: ${missing.join(', ')}`,
        `The worker registers them at startup if it has permission. Otherwise run ${registerCommand(namespace, missing)}`,
      );
};

const checkQueue = async (
  client: Client,
  namespace: string,
  queue: string,
  program: 'worker' | 'bot',
): Promise<Finding> => {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: activityQueue,
  });
  const count = pollers?.length ?? 0;
  return count > 0
    ? ok(`queue ${queue}`, `${count} polling`)
    : warn(`queue ${queue}`, `no ${program} polls this task queue`, `Start it: npm run ${program}.`);
};

/** Reports a certificate only when it expires soon. */
const checkCertificate = ({ certificateExpires }: TemporalSettings): readonly Finding[] => {
  const warning = expiryWarning(certificateExpires);
  return warning === null ? [] : [warn('certificate', warning, 'Replace it, then restart.')];
};

/** The server, its namespace, its search attributes and the pollers of its task queues. */
export const checkTemporalServer =
  (client: Client, settings: TemporalSettings): Check =>
  async () => {
    const { address, addressFrom, namespace, queues } = settings;
    try {
      const { serverVersion } = await client.workflowService.getSystemInfo({});
      const reached = ok('Temporal', `${serverVersion} at ${address} (from ${addressFrom})`);
      const found = await checkNamespace(client, namespace);
      if (found.level === 'fail') return [reached, found];
      const rest = await Promise.all([
        checkAttributes(client, namespace),
        checkQueue(client, namespace, queues.deploy, 'worker'),
        checkQueue(client, namespace, queues.provision, 'worker'),
        checkQueue(client, namespace, taskQueues.chat, 'bot'),
      ]);
      return [reached, ...checkCertificate(settings), found, ...rest];
    } catch (error) {
      const cause = explainConnectionFailure(error, settings);
      const fix = 'Run npm start, which includes a server, or set TEMPORAL_ADDRESS.';
      const why = cause ?? toReason(error);
      return [
        fail(
          'Temporal',
          `no response from ${address} (from ${addressFrom}): ${why}`,
          cause === null ? fix : '',
        ),
      ];
    }
  };
