import type { AppliedRecord, EnvironmentView } from './environment.ts';
import type { RunEvent } from './run-event.ts';
import type { RunView } from './run-view.ts';
import { fromEnvironmentKey, type RunSubject, type Target, toEnvironmentKey, toSubject } from './target.ts';

/**
 * The only module that knows the former names of what a run acts on. Earlier versions called a stack's name
 * `service`, gave every stack the environment `stack`, and called a revision `commit`. Histories, running
 * workflows, the bot's database and workers of the previous version still have those names. Use the functions
 * below for all data from another process. Each one also accepts the current form.
 */
type Stored = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Stored => typeof value === 'object' && value !== null;

/** Renames `commit` to `revision`, unless there is a revision already. */
const readRevision = (stored: Stored): Stored => {
  const { commit, ...rest } = stored;
  return 'revision' in rest || commit === undefined ? stored : { ...rest, revision: commit };
};

/** The subject that a stored `service` and `environment` name. */
const readSubject = (stored: Stored): RunSubject =>
  fromEnvironmentKey({ service: String(stored.service), environment: String(stored.environment) });

/** Reads a target: the result of `resolve_target` or `resolve_stack`, or part of an activity's input. */
export const readTarget = <AnyTarget extends Target>(stored: AnyTarget): AnyTarget => {
  const { service, environment, ...rest }: Stored = { ...stored };
  if ('kind' in rest) return stored;
  const target =
    'source' in rest
      ? { kind: 'stack', name: service, ...rest }
      : { kind: 'service', name: service, environment, ...rest };
  return target as unknown as AnyTarget;
};

/** Reads the record of an apply, as an environment lock keeps it; null stays null. */
export const readAppliedRecord = <Kept extends AppliedRecord | null>(stored: Kept): Kept =>
  stored && (readRevision({ ...stored }) as unknown as Kept);

/** Reads an environment lock's state: the answer of `get_environment`, or the carried state. */
export const readEnvironmentView = (stored: EnvironmentView): EnvironmentView => {
  const { service, ...rest }: Stored = { ...stored };
  const subject = service === undefined ? {} : readSubject({ ...stored });
  const applied = stored.applied.map((record) => readAppliedRecord(record));
  return { ...rest, ...subject, applied } as unknown as EnvironmentView;
};

/** Reads one event of a run. */
const readRunEvent = (stored: RunEvent): RunEvent =>
  stored.kind === 'applied' ? (readRevision({ ...stored }) as unknown as RunEvent) : stored;

/** Reads a run: the result of its workflow, the answer of `get_run`, or a row of the bot's database. */
export const readRunView = (stored: RunView): RunView => {
  const { service, ...rest }: Stored = { ...stored };
  const events = stored.events.map(readRunEvent);
  if (service === undefined) return { ...stored, events };
  const environment = stored.kind === 'deploy' ? stored.environment : null;
  return { ...rest, name: service, environment, events } as unknown as RunView;
};

/** Reads an activity's input or result, whichever of `target`, `commit` and `lastApplied` it has. */
export const readPayload = <Payload>(stored: Payload): Payload => {
  if (!isRecord(stored)) return stored;
  const { target, lastApplied } = stored;
  const payload = {
    ...readRevision(stored),
    ...(isRecord(target) ? { target: readTarget(target as unknown as Target) } : {}),
    ...(isRecord(lastApplied)
      ? { lastApplied: readAppliedRecord(lastApplied as unknown as AppliedRecord) }
      : {}),
  };
  return payload as unknown as Payload;
};

/**
 * Adds the former names to a target, so that workers of both versions can poll one task queue during an upgrade.
 * Remove both functions in the next version.
 */
export const withPreviousNames = <AnyTarget extends Target>(target: AnyTarget): AnyTarget => ({
  ...target,
  ...toEnvironmentKey(toSubject(target)),
});

/** Adds the former name `commit` of a revision. */
export const withPreviousRevision = <Part extends { readonly revision: string }>(part: Part): Part => ({
  ...part,
  commit: part.revision,
});
