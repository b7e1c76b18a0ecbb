import type { RunStatus } from '../../workflows/contract/run-status.ts';

/**
 * A card as data, rendered by each platform. All text is plain: a platform escapes it, so a resource
 * named `<!channel>` notifies no one. The platform also keeps it inside its own limits, cutting from
 * the end of `sections` and saying how much is omitted.
 *
 * Code decides from `kind`, `run`, `Section.id` and `Button.action`, never from texts or tones.
 */
export interface Card {
  /** `run`: the whole card of one run. `list`: something that was looked up. `notice`: a message. */
  readonly kind: 'run' | 'list' | 'notice' | 'error';
  /** Present exactly on cards of kind `run`. */
  readonly run?: CardRun;
  /** One line: "Deploy web to production". */
  readonly title: string;
  /** A color and an icon; `summary` always says the same in words. */
  readonly tone: Tone;
  /** One sentence that stands for the whole card in a notification or a screen reader. */
  readonly summary: string;
  readonly fields: readonly Field[];
  readonly sections: readonly Section[];
  readonly buttons: readonly Button[];
  /** Small print: run ID, time, requester. */
  readonly footer: string | null;
}

export type Tone = 'neutral' | 'progress' | 'warning' | 'good' | 'bad';

/** The run that a card shows, and its state when the card was made. */
interface CardRun {
  readonly workflowId: string;
  readonly status: RunStatus;
  /** False once the run has ended, also when it was terminated in Temporal. */
  readonly isOpen: boolean;
}

/** A label with its value; `url` makes the value a link. */
export interface Field {
  readonly label: string;
  readonly value: string;
  readonly url?: string;
}

/** What a section is about. A section without an ID is a part like any other. */
type SectionId = 'status' | 'plan' | 'policy';

/** A part of a card's body, in one of four forms. */
export type Section = { readonly id?: SectionId } & (
  | { readonly type: 'text'; readonly text: string; readonly strong?: boolean }
  /** The stages of a run. A platform may lay them out freely but shows each state in words or an icon. */
  | { readonly type: 'stages'; readonly stages: readonly CardStage[] }
  /** A titled list, the most important line first. `more` says how many lines are omitted. */
  | {
      readonly type: 'list';
      readonly title: string;
      readonly tone?: ListTone;
      readonly lines: readonly string[];
      readonly more: string | null;
    }
  /** Fixed-width lines of a log. */
  | { readonly type: 'log'; readonly title: string; readonly lines: readonly string[] }
);

export type ListTone = 'bad' | 'warning' | 'neutral';

/** One stage of a run, as a card shows it. */
export interface CardStage {
  readonly label: string;
  readonly state: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  /** "1m 12s", "3/12", "42 tests passed". */
  readonly detail: string | null;
}

/** A command that is one click away, or a link. */
export type Button = CommandButton | { readonly kind: 'link'; readonly label: string; readonly url: string };

export interface CommandButton {
  readonly kind: 'command';
  /** `decide`: approves or denies. `control`: cancels or retries. `start`: starts a run. `browse`: changes nothing. */
  readonly action: 'decide' | 'control' | 'start' | 'browse';
  readonly label: string;
  readonly tone: 'good' | 'bad' | 'neutral';
  readonly command: string;
  readonly args: string;
  /** The digest of the plan that the card shows. */
  readonly digest?: string;
  /** Asked before the command is sent. `label` is the confirming button's, where it differs from the button's. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly label?: string };
  /** The person must enter a reason, which is added to `args`. */
  readonly needsReason?: boolean;
  /** Work emails of the only people who may use the button; absent: everyone. The run checks again. */
  readonly who?: readonly string[];
}
