import { ApplicationFailure } from '@temporalio/common';
import type { DeployInput } from '../contract/deploy.ts';
import { parsePerson, parseText } from '../run/parse-client-input.ts';

/** Any Temporal client may start a deployment: what it sent is checked before anything is done. */
export const parseDeployInput = (value: unknown): DeployInput => {
  const { service, environment, ref, force, requestedBy, conversation } =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const requester = parsePerson(requestedBy);
  if (!parseText(service) || !parseText(environment) || !requester) {
    throw ApplicationFailure.nonRetryable(
      'starting a deployment: the input must be {service, environment, requestedBy: {id, name}}',
      'BadInput',
    );
  }
  return {
    service: parseText(service),
    environment: parseText(environment),
    requestedBy: requester,
    ...(parseText(ref) ? { ref: parseText(ref) } : {}),
    ...(force === true ? { force } : {}),
    ...(parseText(conversation) ? { conversation: parseText(conversation) } : {}),
  };
};
