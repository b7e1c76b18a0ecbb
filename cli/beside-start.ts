import { type Env, setVariables } from '../runtime/env.ts';
import { isRunning, readStartRecord, type StartChoice, startRecordFile } from '../runtime/start-record.ts';
import { type TemporalSettings, temporalSettings } from '../runtime/temporal.ts';

/** What the `npm start` that runs in this folder has chosen; null when none runs. */
export const runningStart = (file = startRecordFile): StartChoice | null => {
  const record = readStartRecord(file);
  return record !== null && isRunning(record) ? (record.chosen ?? null) : null;
};

/** The environment, with what the running `npm start` chose where it says nothing itself. */
export const besideStart = (env: Env, chosen: StartChoice | null): Record<string, string> => ({
  ...(chosen && { PORT: String(chosen.port), HOST: chosen.host, QUARTERDECK_CATALOG: chosen.catalog }),
  ...setVariables(env),
});

/** How to reach Temporal: as the environment says, else where the running `npm start` has it. */
export const temporalBeside = (env: Env, chosen: StartChoice | null): TemporalSettings => {
  const own = temporalSettings(env);
  if (chosen === null || own.addressFrom !== 'the default') return own;
  const given = {
    TEMPORAL_NAMESPACE: chosen.temporalNamespace,
    ...setVariables(env),
    TEMPORAL_ADDRESS: chosen.temporalAddress,
  };
  return { ...temporalSettings(given), addressFrom: 'the running npm start' };
};
