import { ApplicationFailure } from '@temporalio/common';
import type { DeployInput } from '../contract/deploy.ts';
import type { Person } from '../contract/person.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** A person as a client sent it, or null when it is not one. */
export const parsePerson = (value: unknown): Person | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { id, name } = value as Record<string, unknown>;
  const known = text(id).toLowerCase();
  return known ? { id: known, name: text(name) || known } : null;
};

/** Any Temporal client may start a deployment: what it sent is checked before anything is done. */
export const parseDeployInput = (value: unknown): DeployInput => {
  const { service, environment, ref, force, requestedBy, conversation } =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const requester = parsePerson(requestedBy);
  if (!text(service) || !text(environment) || !requester) {
    throw ApplicationFailure.nonRetryable(
      'starting a deployment: the input must be {service, environment, requestedBy: {id, name}}',
      'BadInput',
    );
  }
  return {
    service: text(service),
    environment: text(environment),
    requestedBy: requester,
    ...(text(ref) ? { ref: text(ref) } : {}),
    ...(force === true ? { force } : {}),
    ...(text(conversation) ? { conversation: text(conversation) } : {}),
  };
};
