/** Something to be seen on the demo, and by `npm run scenario -- <name>`. */
export interface DemoScenario {
  readonly name: string;
  readonly about: string;
  /** What to type in the console to see it there; null when it takes more than words. */
  readonly words: string | null;
}

/** Every scenario, in the order in which to try them. */
export const demoScenarios = [
  {
    name: 'happy-path',
    about: 'provisions a network, and nothing goes wrong',
    words: 'provision network',
  },
  {
    name: 'advanced-visibility',
    about: 'a run is found in Temporal by its status and its directory, while it waits and once it has ended',
    words: null,
  },
  {
    name: 'human-in-the-loop-signal',
    about: 'the policy objects to an admin user; a signal overrides it, and says why',
    words: null,
  },
  {
    name: 'human-in-the-loop-update',
    about: 'the policy objects to an admin user; an update without a reason is refused, one with it is not',
    words: 'provision admin-user',
  },
  {
    name: 'recoverable-failure',
    about: 'the worker’s code has a bug; it is mended, the worker is replaced, and the run goes on',
    words: null,
  },
  {
    name: 'non-recoverable-failure',
    about: 'the policy forbids an account owner; and credentials are missing before anything has run',
    words: 'provision account-owner',
  },
  {
    name: 'api-failure',
    about: 'the server of the state fails twice while Terraform plans; the third attempt succeeds',
    words: null,
  },
] as const satisfies readonly DemoScenario[];

export type ScenarioName = (typeof demoScenarios)[number]['name'];
