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
      `Invalid ${kind} name “${truncateMiddle(typed, 40)}”. Use letters, digits, “.”, “-” and “_”. Nothing was started.`,
    );
};

const unknown = (spec: CommandSpec, kind: string, typed: string, known: readonly string[]): Error => {
  const meant = closestMatch(typed, known);
  const help =
    meant === null
      ? known.length > 0
        ? ` Available: ${truncateMiddle(known.slice(0, 20).join(', '), 300)}.`
        : ''
      : ` Did you mean ${meant}?`;
  return usageError(spec, `Unknown ${kind} “${typed}”.${help}`);
};

/** The service, spelled as in the catalog. */
const resolveService = (spec: CommandSpec, outline: GetCatalogSummary, typed: string | undefined): string => {
  const services = outline()?.services.map((service) => service.name) ?? null;
  if (typed === undefined)
    throw usageError(
      spec,
      `Missing service.${services?.length ? ` Available: ${services.slice(0, 20).join(', ')}.` : ''}`,
    );
  checkShape(spec, 'service', typed);
  if (services === null) return typed;
  const service = find(typed, services);
  const stack = find(typed, outline()?.stacks ?? []);
  if (service === undefined && stack !== undefined)
    throw usageError(spec, `“${stack}” is a stack. Run “provision ${stack}” instead.`);
  if (service === undefined) throw unknown(spec, 'service', typed, services);
  return service;
};

/** The stack, spelled as in the catalog. */
export const resolveStack = (
  spec: CommandSpec,
  outline: GetCatalogSummary,
  typed: string | undefined,
): string => {
  const stacks = outline()?.stacks ?? null;
  if (typed === undefined)
    throw usageError(
      spec,
      `Missing stack.${stacks?.length ? ` Available: ${stacks.slice(0, 20).join(', ')}.` : ''}`,
    );
  checkShape(spec, 'stack', typed);
  if (stacks === null) return typed.toLowerCase();
  const stack = find(typed, stacks);
  if (stack === undefined) throw unknown(spec, 'stack', typed, stacks);
  return stack;
};

/** A service or a stack, spelled as in the catalog: both have runs to show and to subscribe to. */
export const resolveSubject = (
  spec: CommandSpec,
  outline: GetCatalogSummary,
  typed: string | undefined,
): string => {
  const stack = typed === undefined ? undefined : find(typed, outline()?.stacks ?? []);
  return stack ?? resolveService(spec, outline, typed);
};

/** Service and environment, spelled as in the catalog; the default environment is the service's first. */
export const resolveServiceEnvironment = (
  spec: CommandSpec,
  outline: GetCatalogSummary,
  typedService: string | undefined,
  typedEnvironment: string | undefined,
): ServiceEnvironment => {
  const service = resolveService(spec, outline, typedService);
  if (typedEnvironment !== undefined) checkShape(spec, 'environment', typedEnvironment);
  const environments =
    outline()
      ?.services.find((one) => one.name === service)
      ?.environments.map((one) => one.name) ?? null;
  if (environments === null) {
    if (typedEnvironment !== undefined) return { service, environment: typedEnvironment };
    throw usageError(spec, 'The catalog is unavailable. Specify the environment too.');
  }
  const environment = typedEnvironment === undefined ? environments[0] : find(typedEnvironment, environments);
  if (environment === undefined)
    throw unknown(spec, `environment of ${service}`, typedEnvironment ?? '', environments);
  return { service, environment };
};

/** Accepts only text that git cannot read as an option, a range or a path. */
export const checkRef = (spec: CommandSpec, typed: string): string => {
  if (!isGitRef(typed))
    throw usageError(
      spec,
      `Invalid branch, tag or commit “${truncateMiddle(typed, 40)}”. Nothing was started.`,
    );
  return typed;
};
