import type { Audience } from './conversation.ts';

/** How images are built; `auto` takes docker when an engine answers, else buildah. */
export type ImageBuilder = 'auto' | 'docker' | 'buildah' | 'none';

/** Who must say yes. */
export interface ApprovalRule {
  readonly required: number;
  /** Work e-mails in lower case, groups resolved; empty means anyone. */
  readonly approvers: readonly string[];
  readonly selfApproval: boolean;
  readonly timeoutMs: number;
}

/** A service in an environment, as the worker's catalog has it at the start of a run. */
export interface Target {
  readonly service: string;
  readonly environment: string;
  /** Absolute path or address of the git repository. */
  readonly repo: string;
  readonly branch: string;
  readonly install: string | null;
  readonly test: string | null;
  readonly image: {
    readonly name: string;
    readonly dockerfile: string;
    readonly builder: ImageBuilder;
  } | null;
  readonly terraform: {
    /** Inside the repository. */
    readonly directory: string;
    /** Settings for `-backend-config`, a worker-side file and never an argument. */
    readonly backend: Readonly<Record<string, string>>;
    /** Passed as `TF_VAR_<name>`. */
    readonly variables: Readonly<Record<string, string>>;
  } | null;
  /** null: `approval: none`. */
  readonly approval: ApprovalRule | null;
  readonly policy: { readonly maxDestroys: number | null };
  readonly notify: readonly Audience[];
}
