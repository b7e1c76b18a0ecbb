import { ApplicationFailure } from '@temporalio/common';
import type { ProvisionInput } from '../contract/provision.ts';
import { parsePerson, parseText } from '../run/parse-client-input.ts';

/** Any Temporal client may start a provision: what it sent is checked before anything is done. */
export const parseProvisionInput = (value: unknown): ProvisionInput => {
  const { stack, destroy, requestedBy, conversation } =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const requester = parsePerson(requestedBy);
  // A destroy that was misspelt must not become a provision.
  const isFlag = destroy === undefined || typeof destroy === 'boolean';
  if (!parseText(stack) || !requester || !isFlag) {
    throw ApplicationFailure.nonRetryable(
      'starting a provision: the input must be {stack, destroy?: true or false, requestedBy: {id, name}}',
      'BadInput',
    );
  }
  return {
    stack: parseText(stack),
    requestedBy: requester,
    ...(destroy === true ? { destroy } : {}),
    ...(parseText(conversation) ? { conversation: parseText(conversation) } : {}),
  };
};
