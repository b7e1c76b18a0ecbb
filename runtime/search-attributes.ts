import type { ConnectionLike } from '@temporalio/client';
import { searchAttributes } from '../workflows/contract/search-attributes.ts';
import type { Logger } from './logger.ts';

const keys = Object.values(searchAttributes);

/** `IndexedValueType` of the server's API. */
const valueTypes: Readonly<Record<string, number>> = { TEXT: 1, KEYWORD: 2 };

const registered = async (connection: ConnectionLike, namespace: string): Promise<ReadonlySet<string>> => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return new Set(Object.keys(customAttributes ?? {}));
};

/** Every server rejects a query with an unknown attribute. */
const isUsable = async (connection: ConnectionLike, namespace: string, name: string): Promise<boolean> => {
  try {
    await connection.workflowService.listWorkflowExecutions({
      namespace,
      pageSize: 1,
      query: `${name} = 'quarterdeck'`,
    });
    return true;
  } catch (error) {
    const invalidArgument = 3;
    if ((error as { code?: number }).code === invalidArgument) return false;
    throw error;
  }
};

/** The Temporal CLI command that registers the missing attributes. */
export const registerCommand = (namespace: string, missing: readonly string[]): string =>
  missing
    .map((name) => {
      const key = keys.find((known) => known.name === name);
      const type = key?.type === 'TEXT' ? 'Text' : 'Keyword';
      return `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type ${type}`;
    })
    .join(' && ');

/** Names of Quarterdeck's search attributes that the namespace lacks. */
export const missingSearchAttributes = async (
  connection: ConnectionLike,
  namespace: string,
): Promise<readonly string[]> => {
  const names = keys.map(({ name }) => name);
  try {
    const known = await registered(connection, namespace);
    return names.filter((name) => !known.has(name));
  } catch {
    // Temporal Cloud rejects the operator API; listing workflows works on every server.
    const usable = await Promise.all(names.map((name) => isUsable(connection, namespace, name)));
    return names.filter((_, index) => !usable[index]);
  }
};

/**
 * Registers missing search attributes where the server allows it. Returns those that are still missing. A workflow
 * that sets one would be stuck, so poll for work only when the result is empty.
 */
export const registerSearchAttributes = async (
  connection: ConnectionLike,
  namespace: string,
  logger: Logger,
): Promise<readonly string[]> => {
  const missing = await missingSearchAttributes(connection, namespace);
  const refused: string[] = [];
  for (const key of keys.filter(({ name }) => missing.includes(name))) {
    try {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: { [key.name]: valueTypes[key.type] ?? 0 },
      });
      logger.info({ attribute: key.name }, 'search attribute registered');
    } catch (error) {
      logger.warn({ attribute: key.name, err: error }, 'search attribute not registered');
      refused.push(key.name);
    }
  }
  if (refused.length === 0) return [];
  // Another worker can register it first, and some servers report "already exists" as an error.
  const stillMissing = await missingSearchAttributes(connection, namespace);
  if (stillMissing.length > 0)
    logger.error(
      { missing: stillMissing, run: registerCommand(namespace, stillMissing) },
      'search attributes are missing; an administrator of the Temporal server must register them',
    );
  return stillMissing;
};
