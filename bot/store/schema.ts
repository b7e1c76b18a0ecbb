import type { ColumnType, Generated } from 'kysely';
import type { LiveRun } from '../runs/types.ts';

/** Written as text, because drivers turn arrays into SQL arrays. */
type Json<T> = ColumnType<T, string, string>;
/** PostgreSQL's bigint comes back as text from one driver and as a number from the other. */
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
  /** False when Temporal has closed it: nothing more will come. */
  open: boolean;
}

interface MessagesTable {
  workflow_id: string;
  conversation: string;
  /** `card`, or the thread post's name. */
  part: string;
  ref: string | null;
  /** Of the card that the message shows. */
  hash: string | null;
  /** Of the last thing that people had to be told at once; of a message that was refused, when that was. */
  milestone: string | null;
  maybe_posted: boolean;
  /** The chat refused it at this milestone; without one, it was deleted again and stays away. */
  dropped: boolean;
  reposts: number;
}

interface AuditTable {
  id: Generated<string>;
  at: Time;
  workflow_id: string;
  /** The run event's number; null for what the bot itself saw. */
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
