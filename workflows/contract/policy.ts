/** One rule of the policy that a plan violates. */
export interface PolicyViolation {
  /** The rule's name, at most 200 characters. */
  readonly rule: string;
  /** `soft`: an approver can override it, with a reason. `hard`: ends the run; it cannot be overridden. */
  readonly level: 'soft' | 'hard';
  /** A complete sentence for people, at most 2000 characters. */
  readonly message: string;
}

/** The result of the policy for a plan. `outcome` has the level of the worst violation, or `pass`. */
export interface PolicyVerdict {
  readonly outcome: 'pass' | 'soft' | 'hard';
  /** Hard ones first, then by rule; at most 50, and one more that counts the rest. */
  readonly violations: readonly PolicyViolation[];
}
