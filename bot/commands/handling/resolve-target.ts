import { closestMatch } from '../../../activities/catalog/closest-match.ts';
import { isGitRef } from '../../../activities/catalog/name-patterns.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { GetCatalogSummary } from '../command.ts';
import type { CommandSpec } from '../spec.ts';
import { usageError } from './args.ts';

/** A service in an environment. */
export interface ServiceEnvironment {
  readonly service: string;
  readonly environment: string;
}

const name = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const find = (typed: string, known: readonly string[]): string | undefined =>
  known.find((one) => one === typed) ?? known.find((one) => one.toLowerCase() === typed.toLowerCase());

const checkShape = (spec: CommandSpec, kind: string, typed: string): void => {
  if (!name.test(typed) || typed.includes('..'))
    throw usageError(
      spec,
      `“${truncateMiddle(typed, 40)}” cannot be the name of ${kind}: names have letters, digits, dots, dashes and underscores. Nothing was started.`,
    );
};

const unknown = (spec: CommandSpec, kind: string, typed: string, known: readonly string[]): Error => {
  const meant = closestMatch(typed, known);
  const help =
    meant === null
      ? known.length > 0
        ? ` There ${known.length === 1 ? 'is' : 'are'}: ${truncateMiddle(known.slice(0, 20).join(', '), 300)}.`
        : ''
      : ` Did you mean ${meant}?`;
  return usageError(spec, `There is no ${kind} “${typed}”.${help}`);
};

/** The service that was typed, as the catalog spells it. */
const resolveService = (spec: CommandSpec, outline: GetCatalogSummary, typed: string | undefined): string => {
  const services = outline()?.services.map((service) => service.name) ?? null;
  if (typed === undefined)
    throw usageError(
      spec,
      `Say which service${services?.length ? `: ${services.slice(0, 20).join(', ')}` : ''}.`,
    );
  checkShape(spec, 'a service', typed);
  if (services === null) return typed;
  const service = find(typed, services);
  const stack = find(typed, outline()?.stacks ?? []);
  if (service === undefined && stack !== undefined)
    throw usageError(spec, `${stack} is a stack, not a service: type provision ${stack}.`);
  if (service === undefined) throw unknown(spec, 'service', typed, services);
  return service;
};

/** The stack that was typed, as the catalog spells it. */
export const resolveStack = (
  spec: CommandSpec,
  outline: GetCatalogSummary,
  typed: string | undefined,
): string => {
  const stacks = outline()?.stacks ?? null;
  if (typed === undefined)
    throw usageError(spec, `Say which stack${stacks?.length ? `: ${stacks.slice(0, 20).join(', ')}` : ''}.`);
  checkShape(spec, 'a stack', typed);
  if (stacks === null) return typed.toLowerCase();
  const stack = find(typed, stacks);
  if (stack === undefined) throw unknown(spec, 'stack', typed, stacks);
  return stack;
};

/** A service or a stack: both have runs that can be looked at and followed. */
export const resolveSubject = (
  spec: CommandSpec,
  outline: GetCatalogSummary,
  typed: string | undefined,
): string => {
  const stack = typed === undefined ? undefined : find(typed, outline()?.stacks ?? []);
  return stack ?? resolveService(spec, outline, typed);
};

/** Service and environment as the catalog spells them; without an environment, the service's first. */
export const resolveServiceEnvironment = (
  spec: CommandSpec,
  outline: GetCatalogSummary,
  typedService: string | undefined,
  typedEnvironment: string | undefined,
): ServiceEnvironment => {
  const service = resolveService(spec, outline, typedService);
  if (typedEnvironment !== undefined) checkShape(spec, 'an environment', typedEnvironment);
  const environments =
    outline()
      ?.services.find((one) => one.name === service)
      ?.environments.map((one) => one.name) ?? null;
  if (environments === null) {
    if (typedEnvironment !== undefined) return { service, environment: typedEnvironment };
    throw usageError(spec, 'The catalog cannot be read just now, so name the environment too.');
  }
  const environment = typedEnvironment === undefined ? environments[0] : find(typedEnvironment, environments);
  if (environment === undefined)
    throw unknown(spec, `environment of ${service} called`, typedEnvironment ?? '', environments);
  return { service, environment };
};

/** A branch, tag or commit that git can take for nothing else: no option, no range, no path upwards. */
export const checkRef = (spec: CommandSpec, typed: string): string => {
  if (!isGitRef(typed))
    throw usageError(
      spec,
      `“${truncateMiddle(typed, 40)}” cannot be a branch, a tag or a commit. Nothing was started.`,
    );
  return typed;
};
