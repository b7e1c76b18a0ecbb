import type { PolicySettings } from '../../workflows/contract/target.ts';

/** What every rule sees. */
export interface PolicyInput {
  /** The plan as JSON, sensitive values masked. */
  readonly plan: unknown;
  readonly settings: Omit<PolicySettings, 'protected'> & {
    /** Patterns of the catalog, each with the regular expression that it stands for. */
    readonly protected: readonly { readonly pattern: string; readonly regex: string }[];
  };
  readonly subject: {
    readonly service: string;
    readonly environment: string;
    readonly kind: 'deploy' | 'provision';
  };
}

/** Open Policy Agent, wherever it runs. */
export interface PolicyEngine {
  /** "the shipped policy", "OPA at http://localhost:8181": for messages. */
  readonly name: string;
  /** The value of `data.quarterdeck.result`, unchecked; undefined when the policy has no answer. */
  evaluate(input: PolicyInput): Promise<unknown>;
}

/** Where the rules are evaluated: one of them, the first where none is named. */
export type PolicyEngineSettings =
  | { readonly kind: 'shipped' }
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'binary'; readonly program: string; readonly directory: string };
