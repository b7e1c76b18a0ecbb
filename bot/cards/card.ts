/**
 * A card as data, drawn by each platform. All text is plain: a platform escapes it, so a resource
 * named `<!channel>` pings nobody. The platform also keeps it inside its own limits, cutting from
 * the end of `sections` and saying how much is not shown.
 */
export interface Card {
  /** One line: "Deploy web to production". */
  readonly title: string;
  /** Never told by colour alone: `summary` says it in words. */
  readonly tone: 'neutral' | 'progress' | 'attention' | 'good' | 'bad';
  /** One sentence that stands for the whole card in a notification or a screen reader. */
  readonly summary: string;
  readonly fields: readonly Field[];
  readonly sections: readonly Section[];
  readonly buttons: readonly Button[];
  /** Small print: run id, time, who. */
  readonly footer: string | null;
}

export interface Field {
  readonly label: string;
  readonly value: string;
  readonly url?: string;
}

export type Section =
  | { readonly type: 'text'; readonly text: string; readonly strong?: boolean }
  /** The stages of a run; a platform may draw them as it likes but says each state in words or a sign. */
  | { readonly type: 'stages'; readonly stages: readonly CardStage[] }
  /** A titled list, the most important line first. `more` says in words what is not listed. */
  | {
      readonly type: 'list';
      readonly title: string;
      readonly tone?: 'bad' | 'attention' | 'neutral';
      readonly lines: readonly string[];
      readonly more: string | null;
    }
  /** Fixed-width lines of a log. */
  | { readonly type: 'log'; readonly title: string; readonly lines: readonly string[] };

export interface CardStage {
  readonly label: string;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  /** "1m 12s", "3/12", "42 tests passed". */
  readonly detail: string | null;
}

/** A button is a command that somebody typed for you. */
export type Button =
  | {
      readonly kind: 'command';
      readonly label: string;
      readonly tone: 'good' | 'bad' | 'neutral';
      readonly command: string;
      readonly args: string;
      /** The plan that the card shows. */
      readonly digest?: string;
      /** Asked before it is carried out. */
      readonly confirm?: { readonly title: string; readonly text: string };
      /** The person is asked for a reason, which is added to `args`. */
      readonly needsReason?: boolean;
      /** Work e-mails of those who alone may press it; absent: anybody. Temporal asks again. */
      readonly who?: readonly string[];
    }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };
