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

/** Terraform code and its settings. */
interface TerraformSettings {
  /** Inside the repository, or inside the copy of a stack. */
  readonly directory: string;
  /** Settings for `-backend-config`, a worker-side file and never an argument. */
  readonly backend: Readonly<Record<string, string>>;
  /** Passed as `TF_VAR_<name>`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What the rules of the policy go by. */
export interface PolicySettings {
  /** A plan that destroys or replaces more is forbidden. */
  readonly maxDestroys: number | null;
  /** A plan that destroys or replaces more is looked at by a person. */
  readonly reviewDestroysAbove: number;
  /** Addresses or types, `*` for anything: never destroyed or replaced. */
  readonly protected: readonly string[];
}

/** What a run is about, as the worker's catalog has it when the run's turn has come. */
export interface RunTarget {
  /** A service, or a stack: a stack is run like a service with the one environment `stack`. */
  readonly service: string;
  readonly environment: string;
  /** Asked about every plan; null: only about a plan that the policy objects to. */
  readonly approval: ApprovalRule | null;
  /** Who may override a soft objection of the policy. */
  readonly override: ApprovalRule;
  readonly notify: readonly Audience[];
}

/** What the stages of Terraform and the policy need to know. */
interface TerraformTarget extends RunTarget {
  readonly terraform: TerraformSettings | null;
  readonly policy: PolicySettings;
}

/** A stack of the catalog; known from a service by its `source`. */
export interface StackTarget extends TerraformTarget {
  /** As the catalog spells it, for people and for the search attribute `tfDirectory`. */
  readonly directory: string;
  /** Absolute path on the worker; Terraform runs in a copy of it. */
  readonly source: string;
  readonly terraform: TerraformSettings;
  /** Environment variables of the worker without which nothing is run, and which Terraform then sees. */
  readonly requires: readonly string[];
  readonly dependsOn: readonly string[];
}

/** A service in an environment, as the worker's catalog has it at the start of a run. */
export interface ServiceTarget extends TerraformTarget {
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
}
