import { definedVariables, type Env } from '../runtime/env.ts';
import {
  isRunning,
  readStartRecord,
  type StartedSettings,
  startRecordFile,
} from '../runtime/start-record.ts';
import { readTemporalSettings, type TemporalSettings } from '../runtime/temporal-settings.ts';

/** What the `npm start` that runs in this folder has chosen; null when none runs. */
export const findRunningInstance = (file = startRecordFile): StartedSettings | null => {
  const record = readStartRecord(file);
  return record !== null && isRunning(record) ? (record.chosen ?? null) : null;
};

/** The environment, with what the running `npm start` chose where it says nothing itself. */
export const withInstanceEnv = (env: Env, chosen: StartedSettings | null): Record<string, string> => ({
  ...(chosen && { PORT: String(chosen.port), HOST: chosen.host, QUARTERDECK_CATALOG: chosen.catalog }),
  ...definedVariables(env),
});

/** How to reach Temporal: as the environment says, else where the running `npm start` has it. */
export const resolveTemporalSettings = (env: Env, chosen: StartedSettings | null): TemporalSettings => {
  const own = readTemporalSettings(env);
  if (chosen === null || own.addressFrom !== 'the default') return own;
  const given = {
    TEMPORAL_NAMESPACE: chosen.temporalNamespace,
    ...definedVariables(env),
    TEMPORAL_ADDRESS: chosen.temporalAddress,
  };
  return { ...readTemporalSettings(given), addressFrom: 'the running npm start' };
};
