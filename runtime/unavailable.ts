import type { EnvCheck } from './env.ts';
import { findMisspelt } from './near-miss.ts';

interface Unavailable {
  readonly names: RegExp;
  readonly what: string;
  readonly concerns: readonly ('bot' | 'worker')[];
}

const unavailable: readonly Unavailable[] = [
  { names: /^ENCRYPT(_PAYLOADS|ION_KEYS)$/, what: 'encryption', concerns: ['bot', 'worker'] },
  { names: /^SPACELIFT_/, what: 'Spacelift', concerns: ['bot', 'worker'] },
  { names: /^GITHUB_WEBHOOK_SECRET$/, what: 'deploying when GitHub tells of a push', concerns: ['bot'] },
];

const isOff = (value: string | undefined): boolean => /^(false|f|0|no|off)$/i.test(value ?? '');

/** Whoever sets one of these relies on it: leaving it unread would, say, store in clear what should be secret. */
export const refuseUnavailable =
  (process: 'bot' | 'worker'): EnvCheck =>
  (env) => [
    ...Object.entries(env).flatMap(([name, value]) => {
      const found = unavailable.find(({ names, concerns }) => concerns.includes(process) && names.test(name));
      if (found === undefined || (name === 'ENCRYPT_PAYLOADS' && isOff(value))) return [];
      return [`${name}: ${found.what} is not available in this version; take it away to start`];
    }),
    ...findMisspelt(
      Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : []))),
      ['ENCRYPT_PAYLOADS'],
    ),
  ];
