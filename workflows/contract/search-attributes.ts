import { defineSearchAttributeKey } from '@temporalio/common';

/**
 * The search attributes of runs and drift checks. Quarterdeck registers them at start when it may.
 * A workflow that sets an unregistered one is blocked until it is registered.
 */
export const searchAttributes = {
  status: defineSearchAttributeKey('provisionStatus', 'TEXT'),
  directory: defineSearchAttributeKey('tfDirectory', 'TEXT'),
  service: defineSearchAttributeKey('quarterdeckService', 'KEYWORD'),
  environment: defineSearchAttributeKey('quarterdeckEnvironment', 'KEYWORD'),
  requester: defineSearchAttributeKey('quarterdeckRequester', 'KEYWORD'),
} as const;

/** Quotes a value for Temporal's list filter, so that no input can change the query. */
export const quoteQueryValue = (value: string): string => `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
