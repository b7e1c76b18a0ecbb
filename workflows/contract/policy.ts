/** `hard` ends the run; nobody can override it. */
export interface PolicyViolation {
  readonly rule: string;
  readonly level: 'soft' | 'hard';
  /** A whole sentence for people. */
  readonly message: string;
}

/** What the policy made of a plan. */
export interface PolicyVerdict {
  readonly outcome: 'pass' | 'soft' | 'hard';
  readonly violations: readonly PolicyViolation[];
}
