import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { connectClient } from '../runtime/connect-client.ts';
import { type Env, readEnv } from '../runtime/env.ts';
import type { StartedSettings } from '../runtime/start-record.ts';
import {
  checkTemporalSettings,
  type TemporalSettings,
  temporalEnvShape,
} from '../runtime/temporal-settings.ts';
import { CliError } from './cli-error.ts';
import { resolveTemporalSettings } from './running-instance.ts';

const listNamespaces = async (client: Client): Promise<readonly string[]> => {
  const names: string[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.listNamespaces({ pageSize: 100, nextPageToken });
    for (const { namespaceInfo } of page.namespaces) if (namespaceInfo?.name) names.push(namespaceInfo.name);
    nextPageToken = page.nextPageToken ?? new Uint8Array();
  } while (nextPageToken.length > 0);
  return names.sort();
};

const describeServer = async (client: Client, settings: TemporalSettings): Promise<string> => {
  const { address, addressFrom, namespace } = settings;
  const { serverVersion } = await client.workflowService.getSystemInfo({});
  const names = await listNamespaces(client);
  return [
    `Temporal ${serverVersion} responds at ${address} (from ${addressFrom}).`,
    `${names.length} namespaces:`,
    ...names.map((name) => `  ${name}${name === namespace ? '  (in use)' : ''}`),
    ...(names.includes(namespace)
      ? []
      : [`The configured namespace ${namespace} does not exist. Create it, or set TEMPORAL_NAMESPACE.`]),
  ].join('\n');
};

/** Connects to Temporal and lists its namespaces. @throws CliError when the server can't be reached. */
export const testConnection = async (env: Env, instance: StartedSettings | null): Promise<string> => {
  readEnv(z.object(temporalEnvShape), env, [checkTemporalSettings]);
  const settings = resolveTemporalSettings(env, instance);
  const client = connectClient(settings);
  try {
    return await describeServer(client, settings);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `Temporal isn't responding at ${settings.address} (from ${settings.addressFrom}): ${reason}`,
    );
  } finally {
    await client.connection.close();
  }
};
