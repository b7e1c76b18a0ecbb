import { definedVariables, type Env } from '../runtime/env.ts';
import {
  isRunning,
  readStartRecord,
  type StartedSettings,
  startRecordFile,
} from '../runtime/start-record.ts';
import { readTemporalSettings, type TemporalSettings } from '../runtime/temporal-settings.ts';

/** The settings of the `npm start` that runs in this directory; null when none runs. */
export const findRunningInstance = (file = startRecordFile): StartedSettings | null => {
  const record = readStartRecord(file);
  return record !== null && isRunning(record) ? (record.chosen ?? null) : null;
};

/** The environment; a variable that it does not define comes from the running `npm start`. */
export const withInstanceEnv = (env: Env, instance: StartedSettings | null): Record<string, string> => ({
  ...(instance && {
    PORT: String(instance.port),
    HOST: instance.host,
    QUARTERDECK_CATALOG: instance.catalog,
  }),
  ...definedVariables(env),
});

/** How to reach Temporal: as the environment says, else at the server of the running `npm start`. */
export const resolveTemporalSettings = (env: Env, instance: StartedSettings | null): TemporalSettings => {
  const own = readTemporalSettings(env);
  if (instance === null || own.addressFrom !== 'the default') return own;
  const merged = {
    TEMPORAL_NAMESPACE: instance.temporalNamespace,
    ...definedVariables(env),
    TEMPORAL_ADDRESS: instance.temporalAddress,
  };
  return { ...readTemporalSettings(merged), addressFrom: 'the running npm start' };
};
