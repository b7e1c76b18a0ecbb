import type { PlatformDeps } from '../platform/platform-factory.ts';
import type { DemoScenario } from './chat/demo-scenarios.ts';

/** What the console is made from. */
export interface ConsoleDeps extends Omit<PlatformDeps, 'interactive'> {
  /** True: the console is the chat. False: a dashboard beside another chat, to be read only. */
  readonly interactive: boolean;
  /** Address of Temporal's own pages for the namespace; null when there is none to link to. */
  readonly temporalUi: { readonly url: string; readonly namespace: string } | null;
  /** What the demo offers to try; empty elsewhere. */
  readonly scenarios: readonly DemoScenario[];
  /** Where the terminal finds the token of its door. */
  readonly cliTokenFile: string;
}
