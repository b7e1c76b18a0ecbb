import { defineSearchAttributeKey } from '@temporalio/common';

/** Registered at start where the server allows it; upserting an unregistered one would block a workflow for ever. */
export const searchAttributes = {
  status: defineSearchAttributeKey('provisionStatus', 'TEXT'),
  directory: defineSearchAttributeKey('tfDirectory', 'TEXT'),
  service: defineSearchAttributeKey('quarterdeckService', 'KEYWORD'),
  environment: defineSearchAttributeKey('quarterdeckEnvironment', 'KEYWORD'),
  requester: defineSearchAttributeKey('quarterdeckRequester', 'KEYWORD'),
} as const;

/** A value inside a query for Temporal's list: whatever it holds, it stays a value. */
export const quoteQueryValue = (value: string): string => `'${value.replaceAll(/['\\]/g, '\\$&')}'`;
