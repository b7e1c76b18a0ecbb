import { environmentWorkflowId } from '../../workflows/contract/environment.ts';
import { stackEnvironment } from '../../workflows/contract/provision.ts';
import { namePattern } from './fields.ts';
import type { Problem } from './problem.ts';
import { asMap, type Raw, rawEnvironments } from './raw.ts';

const rule =
  'is no name: 1 to 40 small letters, digits, dots, dashes or underscores, a letter first, a letter or a digit last';

/** Names that could not stand in a workflow id, and pairs that would share one. */
export const checkNames = (raw: Raw): readonly Problem[] => {
  const environments = rawEnvironments(raw);
  const paths = [
    ...['services', 'stacks', 'groups'].flatMap((part) =>
      Object.keys(asMap(raw[part])).map((key) => [part, key]),
    ),
    ...environments.map(({ path }) => path),
  ];
  const bad = paths
    .filter((path) => !namePattern.test(path.at(-1) ?? ''))
    .map((path) => ({ path, message: rule }));

  const stacks = Object.keys(asMap(raw.stacks));
  const clashes = stacks
    .filter((stack) => Object.hasOwn(asMap(raw.services), stack))
    .map((stack) => ({ path: ['stacks', stack], message: 'has the name of a service; rename one of them' }));

  const holders = new Map<string, string>();
  const queues = [
    ...environments,
    ...stacks.map((stack) => ({ service: stack, environment: stackEnvironment, path: ['stacks', stack] })),
  ];
  const shared = queues.flatMap(({ service, environment, path }) => {
    const id = environmentWorkflowId(service, environment);
    const other = holders.get(id);
    holders.set(id, other ?? `${environment} of ${service}`);
    const message = `would share the workflow id ${id} with ${other}; rename one of them`;
    return other ? [{ path, message }] : [];
  });
  return [...bad, ...clashes, ...shared];
};
