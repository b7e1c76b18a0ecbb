/** A person who requests or decides. */
export interface Person {
  /** The work email in lowercase, the same on every chat. A bare name only where a signal carried no more. */
  readonly id: string;
  /** For display. */
  readonly name: string;
}
