import type { Client } from '@temporalio/client';
import type { TemporalSettings } from '../runtime/temporal-settings.ts';

const namespacesOf = async (client: Client): Promise<readonly string[]> => {
  const names: string[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await client.workflowService.listNamespaces({ pageSize: 100, nextPageToken });
    for (const { namespaceInfo } of page.namespaces) if (namespaceInfo?.name) names.push(namespaceInfo.name);
    nextPageToken = page.nextPageToken ?? new Uint8Array();
  } while (nextPageToken.length > 0);
  return names.sort();
};

/** Connects and lists the namespaces: the lines to print. Rejects when the server cannot be reached. */
export const testConnection = async (
  client: Client,
  settings: TemporalSettings,
): Promise<readonly string[]> => {
  const { address, addressFrom, namespace } = settings;
  const { serverVersion } = await client.workflowService.getSystemInfo({});
  const names = await namespacesOf(client);
  return [
    `Temporal ${serverVersion} answers at ${address} (from ${addressFrom}).`,
    `${names.length} namespaces:`,
    ...names.map((name) => `  ${name}${name === namespace ? '  (the one we use)' : ''}`),
    ...(names.includes(namespace) ? [] : [`Our namespace ${namespace} is not among them.`]),
  ];
};
