import { type FailureType, failureTypes } from '../../workflows/contract/failure.ts';
import type { ServiceTarget, StackTarget } from '../../workflows/contract/target.ts';
import { toServiceTarget, toStackTarget } from './build-target.ts';
import { closestMatch } from './closest-match.ts';
import type { CatalogFile } from './schema.ts';

/** What a name stands for, or why it stands for nothing. */
export type Resolution<Found = ServiceTarget> =
  | { readonly ok: true; readonly target: Found }
  | {
      readonly ok: false;
      readonly type: FailureType;
      /** What is wrong, one sentence. */
      readonly message: string;
      /** What to type instead, one sentence. */
      readonly hint: string;
      readonly suggestion: string | null;
      readonly known: readonly string[];
    };

/** What was typed, short enough and plain enough to be said back. */
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
  // A word of ten thousand letters is nobody's misspelling.
  const meant = given.length <= 100 ? closestMatch(given, known) : null;
  const list = known.length > 0 ? `Known: ${known.join(', ')}.` : 'There is none.';
  return {
    ok: false,
    type,
    message: `${what} ${quoted(given)}`,
    hint: meant ? `Did you mean ${meant}? ${list}` : list,
    suggestion: meant,
    known,
  };
};

/** Finds a target by its names, in any case; without an environment the service's first is meant. */
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

/** Finds a stack by its name, in any case. */
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
