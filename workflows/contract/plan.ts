import type { ArtifactRef } from './artifact.ts';

/** What Terraform would do, one number a kind. A replacement counts once, as `replace`. */
export interface PlanCounts {
  readonly add: number;
  readonly change: number;
  readonly replace: number;
  readonly destroy: number;
  readonly import: number;
  readonly move: number;
  readonly forget: number;
}

export type PlanAction = 'destroy' | 'replace' | 'forget' | 'change' | 'import' | 'move' | 'create';

/** An attribute that changes. Values stand here only where they cannot be a secret. */
export interface AttributeChange {
  /** Dotted path, for example `deletion_protection` or `ingress.0.cidr_blocks`. */
  readonly name: string;
  /** Both sides as people read them, or null where a value may be secret or is free text. */
  readonly values: { readonly before: string; readonly after: string } | null;
  /** A change that widens access or removes protection: shown first. */
  readonly risky: boolean;
}

/** One resource that the plan touches. Addresses and names are data: escape before drawing. */
export interface PlanChange {
  readonly address: string;
  readonly action: PlanAction;
  /** Attributes that force a replacement. */
  readonly forcedBy: readonly string[];
  readonly attributes: readonly AttributeChange[];
  /** In words: "moved from a.b", "imported as i-123", "tainted", "no longer in the code". */
  readonly note: string | null;
}

/** The plan in short: everything an approver must see, the most dangerous first. */
export interface PlanSummary {
  readonly counts: PlanCounts;
  /** Most dangerous first, capped; `omitted` says how many of each action are not listed. */
  readonly changes: readonly PlanChange[];
  readonly omitted: Partial<Record<PlanAction, number>>;
  /** Resources that were changed outside Terraform where the plan acts on it. */
  readonly drift: readonly string[];
  readonly outputs: readonly {
    readonly name: string;
    readonly action: string;
    readonly sensitive: boolean;
  }[];
  readonly failedChecks: readonly string[];
  /** False when applying would do nothing at all, not even change an output. */
  readonly hasChanges: boolean;
}

/** A saved plan: the file that apply uses, and what people are shown of it. */
export interface SavedPlan {
  readonly summary: PlanSummary;
  readonly file: ArtifactRef;
  /** `terraform show` in words, secrets scrubbed. */
  readonly text: ArtifactRef;
  /** What the policy judges: the plan as JSON, values that Terraform marks as sensitive masked. */
  readonly json: ArtifactRef;
  /** sha256 of `.terraform.lock.hcl`, or the empty string when there is none. */
  readonly lock: ArtifactRef | null;
}
