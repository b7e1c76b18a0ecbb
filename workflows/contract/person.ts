/** Somebody who asks or decides. `id` is the work e-mail in lower case, the same on every chat. */
export interface Person {
  readonly id: string;
  readonly name: string;
}
