import type { EnvironmentCheck } from './env.ts';

interface Unavailable {
  readonly names: RegExp;
  readonly what: string;
  readonly concerns: readonly ('bot' | 'worker')[];
}

const unavailable: readonly Unavailable[] = [
  { names: /^SPACELIFT_/, what: 'Spacelift', concerns: ['bot', 'worker'] },
  { names: /^GITHUB_WEBHOOK_SECRET$/, what: 'deploying when GitHub tells of a push', concerns: ['bot'] },
];

/** Whoever sets one of these relies on it: leaving it unread would pass over a wish in silence. */
export const refuseUnsupportedSettings =
  (process: 'bot' | 'worker'): EnvironmentCheck =>
  (env) =>
    Object.keys(env).flatMap((name) => {
      const found = unavailable.find(({ names, concerns }) => concerns.includes(process) && names.test(name));
      return found ? [`${name}: ${found.what} is not available in this version; take it away to start`] : [];
    });
