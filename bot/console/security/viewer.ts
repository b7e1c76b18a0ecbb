import type { Person } from '../../../workflows/contract/person.ts';

/** Who looks at a page, and what they may do there. */
export interface Viewer {
  /** null: the dashboard beside another chat, where nothing can be done. */
  readonly person: Person | null;
  /** Whom else one can be. */
  readonly people: readonly Person[];
  /** Goes into every form. Empty when the browser may hold one that it did not send with this request. */
  readonly csrf: string;
}
