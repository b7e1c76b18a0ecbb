import type { ArtifactRef } from './artifact.ts';

/** How many resources a plan changes, by kind. A replacement counts once, as `replace`. */
export interface PlanCounts {
  readonly add: number;
  readonly change: number;
  readonly replace: number;
  readonly destroy: number;
  readonly import: number;
  readonly move: number;
  readonly forget: number;
}

/** What a plan does to a resource, most dangerous first. `forget`: removes it from the state and keeps the resource. */
export type PlanAction = 'destroy' | 'replace' | 'forget' | 'change' | 'import' | 'move' | 'create';

/** An attribute that changes. Includes values only when they cannot be secret. */
export interface AttributeChange {
  /** Dotted path, for example `deletion_protection` or `ingress.0.cidr_blocks`. */
  readonly name: string;
  /** Both values as text; null when a value can be secret or is free text. */
  readonly values: { readonly before: string; readonly after: string } | null;
  /** True when the change widens access or removes protection; cards show these first. */
  readonly risky: boolean;
}

/** One resource that the plan changes. Addresses and names come from the code: escape them before rendering. */
export interface PlanChange {
  readonly address: string;
  readonly action: PlanAction;
  /** Attributes that force a replacement. */
  readonly forcedBy: readonly string[];
  readonly attributes: readonly AttributeChange[];
  /** Why, or what else: "moved from a.b", "imported as i-123", "no longer in the code"; null without one. */
  readonly note: string | null;
}

/** A plan in short: what an approver must see, most dangerous first. At most 12,000 bytes as JSON. */
export interface PlanSummary {
  readonly counts: PlanCounts;
  /** Most dangerous first, at most 40. */
  readonly changes: readonly PlanChange[];
  /** How many changes of each action are not in `changes`. */
  readonly omitted: Partial<Record<PlanAction, number>>;
  /** Resources that were changed outside of Terraform, in attributes that this plan changes too. */
  readonly drift: readonly string[];
  /** Outputs that change; at most 20, and one more that counts the rest. */
  readonly outputs: readonly {
    readonly name: string;
    readonly action: string;
    readonly sensitive: boolean;
  }[];
  /** Addresses of Terraform checks that fail. */
  readonly failedChecks: readonly string[];
  /** False when an apply would change nothing, not even an output. */
  readonly hasChanges: boolean;
}

/** A saved plan: the file that the apply uses, and what people see of it. */
export interface SavedPlan {
  readonly summary: PlanSummary;
  /** The plan file of Terraform. It contains secrets. */
  readonly file: ArtifactRef;
  /** The text of `terraform show`, with secrets redacted. */
  readonly text: ArtifactRef;
  /** The plan as JSON for the policy, with values masked that Terraform marks as sensitive. */
  readonly json: ArtifactRef;
  /** The provider lock file `.terraform.lock.hcl`; null when there is no lock file. */
  readonly lock: ArtifactRef | null;
}
