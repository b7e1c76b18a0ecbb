import type { Audience } from './conversation.ts';

/** How images are built. `auto` uses Docker when an engine responds, else buildah. */
export type ImageBuilder = 'auto' | 'docker' | 'buildah' | 'none';

/** Who must approve a plan before Terraform applies it. */
export interface ApprovalRule {
  /** How many different people must approve; at least 1. */
  readonly required: number;
  /** Work emails in lowercase, with groups resolved; empty means anyone. */
  readonly approvers: readonly string[];
  /** Whether the person who requested the run may approve it. */
  readonly selfApproval: boolean;
  /** How long an approval request stays open, in milliseconds. */
  readonly timeoutMs: number;
}

/** Terraform code and its settings. */
interface TerraformSettings {
  /** Inside the repository, or inside the copy of a stack. */
  readonly directory: string;
  /** Settings for `-backend-config`; written to a file on the worker, never passed as arguments. */
  readonly backend: Readonly<Record<string, string>>;
  /** Passed as `TF_VAR_<name>`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Settings of the policy's rules. */
export interface PolicySettings {
  /** A plan that destroys or replaces more resources is forbidden; null: no limit. */
  readonly maxDestroys: number | null;
  /** A plan that destroys or replaces more resources needs a review. */
  readonly reviewDestroysAbove: number;
  /** Addresses or types of resources that no plan may destroy or replace; `*` matches anything. */
  readonly protected: readonly string[];
}

/** What a run acts on: a service in one of its environments, or a stack, which has none. */
export interface RunSubject {
  /** The service's or the stack's name in the catalog. */
  readonly name: string;
  /** The service's environment; null for a stack. */
  readonly environment: string | null;
}

/** The common part of both kinds of target, as the worker's catalog has it when the lock is granted. */
export interface RunTarget {
  /** The service's or the stack's name in the catalog. */
  readonly name: string;
  /** Applies to every plan; null: only a soft policy violation and the destruction of a stack need approval. */
  readonly approval: ApprovalRule | null;
  /** Who may override a soft policy violation, and approve a destruction when `approval` is null. */
  readonly override: ApprovalRule;
  /** Conversations that follow the service or the stack. */
  readonly notify: readonly Audience[];
  readonly policy: PolicySettings;
}

/** A service in an environment. Its revision is a git commit of 40 hex digits. */
export interface ServiceTarget extends RunTarget {
  readonly kind: 'service';
  readonly environment: string;
  /** Absolute path or URL of the git repository. */
  readonly repo: string;
  /** Deployed when the run names no ref. */
  readonly branch: string;
  /** Shell command; null: nothing to install. */
  readonly install: string | null;
  /** Shell command; null: no tests. */
  readonly test: string | null;
  readonly image: {
    readonly name: string;
    readonly dockerfile: string;
    readonly builder: ImageBuilder;
  } | null;
  /** null: the service has no Terraform code. */
  readonly terraform: TerraformSettings | null;
}

/** A stack of the catalog: Terraform code alone. Its revision is a digest of its files, 64 hex digits. */
export interface StackTarget extends RunTarget {
  readonly kind: 'stack';
  /** As the catalog spells it, for people and for the search attribute `tfDirectory`. */
  readonly directory: string;
  /** Absolute path on the worker; Terraform runs in a copy of it. */
  readonly source: string;
  readonly terraform: TerraformSettings;
  /** Environment variables that the worker must have. Terraform sees them. */
  readonly requires: readonly string[];
  /** Checked when the catalog loads, and not used when a stack runs. Kept for provisioning in order. */
  readonly dependsOn: readonly string[];
}

/** What a run acts on, with everything that its stages need to know. */
export type Target = ServiceTarget | StackTarget;

/** The subject of a target: what names it everywhere outside of the stages. */
export const toSubject = (target: Target): RunSubject => ({
  name: target.name,
  environment: target.kind === 'service' ? target.environment : null,
});

/**
 * A subject as workflow ids, search attributes, database columns and the policy's input name it. These
 * names are stored outside of Quarterdeck, so they stay: a stack has the fixed environment `stack`.
 */
export interface EnvironmentKey {
  /** The service's name, or the stack's. */
  readonly service: string;
  readonly environment: string;
}

const stackEnvironment = 'stack';

/** The key of a subject's environment lock. */
export const toEnvironmentKey = ({ name, environment }: RunSubject): EnvironmentKey => ({
  service: name,
  environment: environment ?? stackEnvironment,
});

/** The subject that a key names. A service's environment that is called `stack` is taken for a stack. */
export const fromEnvironmentKey = ({ service, environment }: EnvironmentKey): RunSubject => ({
  name: service,
  environment: environment === stackEnvironment ? null : environment,
});
