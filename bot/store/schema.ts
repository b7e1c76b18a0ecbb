import type { ColumnType, Generated } from 'kysely';
import type { LiveRun } from '../runs/types.ts';

/** Written as text, because database drivers turn arrays into SQL arrays. */
type Json<T> = ColumnType<T, string, string>;
/** A bigint is read as text by one driver and as a number by the other. */
type Time = ColumnType<string | number, number, number>;
type TimeOrNull = ColumnType<string | number | null, number | null, number | null>;

interface RunsTable {
  workflow_id: string;
  run: Json<LiveRun>;
  status: string;
  service: string;
  environment: string;
  requester: string;
  asked_at: Time;
  ended_at: TimeOrNull;
  /** False when Temporal closed the run and every conversation knows its end. */
  open: boolean;
}

interface MessagesTable {
  workflow_id: string;
  conversation: string;
  /** `card`, or the key of a thread post or notice. */
  part: string;
  ref: string | null;
  /** Hash of the card that the message shows. */
  hash: string | null;
  /** The notification key that the message shows, or at which the chat rejected it. */
  milestone: string | null;
  maybe_posted: boolean;
  /** The chat rejected it at this milestone; without a milestone it was deleted twice. */
  dropped: boolean;
  reposts: number;
}

interface AuditTable {
  id: Generated<string>;
  at: Time;
  workflow_id: string;
  /** The number of the run event; null for an entry of the bot itself. */
  seq: number | null;
  kind: string;
  by: string | null;
  details: Json<Record<string, unknown>>;
}

interface SubscriptionsTable {
  conversation: string;
  service: string;
  events: 'all' | 'failures';
  by: string;
  at: Time;
}

interface MemoryTable {
  platform: string;
  key: string;
  value: Json<unknown>;
}

export interface Schema {
  runs: RunsTable;
  messages: MessagesTable;
  audit: AuditTable;
  subscriptions: SubscriptionsTable;
  memory: MemoryTable;
}
