import type { EnvironmentCheck } from './env.ts';

interface UnsupportedSetting {
  readonly names: RegExp;
  readonly feature: string;
  readonly processes: readonly ('bot' | 'worker')[];
}

const unsupported: readonly UnsupportedSetting[] = [
  { names: /^SPACELIFT_/, feature: 'Spacelift', processes: ['bot', 'worker'] },
  { names: /^GITHUB_WEBHOOK_SECRET$/, feature: 'deployment by GitHub webhook', processes: ['bot'] },
];

/** Refuses settings of features that this version lacks, instead of ignoring them. */
export const refuseUnsupportedSettings =
  (process: 'bot' | 'worker'): EnvironmentCheck =>
  (env) =>
    Object.keys(env).flatMap((name) => {
      const found = unsupported.find(
        ({ names, processes }) => processes.includes(process) && names.test(name),
      );
      return found ? [`${name}: ${found.feature} is not available in this version; remove the variable`] : [];
    });
