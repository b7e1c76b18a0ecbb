import type { PolicySettings } from '../../workflows/contract/target.ts';

/** What every rule sees as `input`. */
export interface PolicyInput {
  /** The plan in Terraform's JSON format, sensitive values masked as `(sensitive)`. */
  readonly plan: unknown;
  readonly settings: Omit<PolicySettings, 'protected'> & {
    /** The catalog's patterns, each with its regular expression. */
    readonly protected: readonly { readonly pattern: string; readonly regex: string }[];
  };
  readonly subject: {
    /** The name of the service or stack. */
    readonly service: string;
    readonly environment: string;
    readonly kind: 'deploy' | 'provision';
  };
}

/** Open Policy Agent: compiled into this process, as a server, or as a program. */
export interface PolicyEngine {
  /** For messages: "the shipped policy", "OPA at http://localhost:8181". */
  readonly name: string;
  /**
   * The value of `data.quarterdeck.result`, unchecked; undefined when the rules define no result.
   * @throws policyFailed: retried when OPA does not respond, not retried when the rules fail. Any other error means
   *   that a rule failed.
   */
  evaluate(input: PolicyInput): Promise<unknown>;
}

/**
 * Which engine evaluates the rules: `shipped` unless `OPA_URL` (server) or `OPA_BIN` and `POLICY_DIR` (binary) are
 * set.
 */
export type PolicyEngineSettings =
  | { readonly kind: 'shipped' }
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'binary'; readonly program: string; readonly directory: string };
