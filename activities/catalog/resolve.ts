import { type FailureType, failureTypes } from '../../workflows/contract/failure.ts';
import type { ServiceTarget, StackTarget } from '../../workflows/contract/target.ts';
import { toServiceTarget, toStackTarget } from './build-target.ts';
import { closestMatch } from './closest-match.ts';
import type { CatalogFile } from './schema.ts';

/** The target of a name, or why there is none. */
export type Resolution<Found = ServiceTarget> =
  | { readonly ok: true; readonly target: Found }
  | {
      readonly ok: false;
      readonly type: FailureType;
      /** The problem, as a part of a sentence. */
      readonly message: string;
      /** What to type instead, as sentences. */
      readonly hint: string;
      /** The closest match; null if no name is close. */
      readonly suggestion: string | null;
      readonly known: readonly string[];
    };

/** What was typed, quoted, without control characters and at most 60 characters long. */
const quoted = (given: string): string => {
  const plain = given.replaceAll(/\p{Cc}+/gu, ' ');
  return `"${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}"`;
};

const unknown = (
  type: FailureType,
  what: string,
  given: string,
  known: readonly string[],
): Resolution<never> => {
  // A very long word is not a misspelling, and comparing it would be slow.
  const meant = given.length <= 100 ? closestMatch(given, known) : null;
  const list = known.length > 0 ? `Known: ${known.join(', ')}.` : 'The catalog has none.';
  return {
    ok: false,
    type,
    message: `${what} ${quoted(given)}`,
    hint: meant ? `Did you mean ${meant}? ${list}` : list,
    suggestion: meant,
    known,
  };
};

/** Finds a service's target. Without an environment, the service's first one. Case does not matter. */
export const resolveServiceTarget = (
  file: string,
  catalog: CatalogFile,
  givenService: string,
  givenEnvironment = '',
): Resolution => {
  const name = givenService.trim().toLowerCase();
  const service = Object.hasOwn(catalog.services, name) ? catalog.services[name] : undefined;
  if (!service)
    return unknown(
      failureTypes.unknownService,
      'the catalog has no service',
      givenService.trim(),
      Object.keys(catalog.services),
    );
  const environments = Object.keys(service.environments);
  const environment = givenEnvironment.trim().toLowerCase() || (environments[0] ?? '');
  if (!environments.includes(environment))
    return unknown(
      failureTypes.unknownEnvironment,
      `${name} has no environment`,
      givenEnvironment.trim(),
      environments,
    );
  return { ok: true, target: toServiceTarget(file, catalog, { service: name, environment }, service) };
};

/** Finds a stack's target. Case does not matter. */
export const resolveStackTarget = (
  file: string,
  catalog: CatalogFile,
  given: string,
): Resolution<StackTarget> => {
  const name = given.trim().toLowerCase();
  const stack = Object.hasOwn(catalog.stacks, name) ? catalog.stacks[name] : undefined;
  if (stack) return { ok: true, target: toStackTarget(file, catalog, name, stack) };
  const known = Object.keys(catalog.stacks);
  return unknown(failureTypes.unknownStack, 'the catalog has no stack', given.trim(), known);
};
