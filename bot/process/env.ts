import { z } from 'zod';
import { type Env, readEnv } from '../../runtime/env.ts';
import { logLevel, port, text, url } from '../../runtime/env-fields.ts';
import {
  checkTemporalSettings,
  readTemporalSettings,
  type TemporalSettings,
  temporalEnvShape,
} from '../../runtime/temporal-settings.ts';
import { refuseUnsupportedSettings } from '../../runtime/unsupported-settings.ts';
import type { PlatformFactory } from '../platform/platform-factory.ts';
import type { DatabaseLocation } from '../store/database.ts';

const shape = {
  PORT: port().default(3000),
  HOST: text().default('127.0.0.1'),
  PUBLIC_URL: url(['http', 'https']).optional(),
  DATABASE_URL: url(['postgres', 'postgresql']).optional(),
  ARTIFACTS_URL: text()
    .regex(/^(file:.|s3:\/\/.)/, 'must be file:<folder> or s3://<bucket>/<prefix>')
    .default('file:.quarterdeck/artifacts'),
  QUARTERDECK_CATALOG: text().default('quarterdeck.yaml'),
  LOG_LEVEL: logLevel().default('info'),
};

/** The bot's settings. */
export interface BotEnv {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | null;
  readonly database: DatabaseLocation;
  readonly artifactsUrl: string;
  readonly catalog: string;
  readonly logLevel: string;
  readonly temporal: TemporalSettings;
  /** All variables, parsed; each platform reads its own. */
  readonly all: Readonly<Record<string, unknown>>;
}

/** Reads all variables, with those of the platforms; throws `EnvError` with every problem. */
export const readBotEnv = (env: Env, platforms: readonly PlatformFactory[]): BotEnv => {
  const ofPlatforms: z.ZodRawShape = Object.assign({}, ...platforms.map((platform) => platform.env));
  const schema = z.object({ ...temporalEnvShape, ...ofPlatforms, ...shape });
  const checks = platforms.flatMap((platform) => platform.checks ?? []);
  const read = readEnv(schema, env, [checkTemporalSettings, refuseUnsupportedSettings('bot'), ...checks]);
  return {
    port: read.PORT,
    host: read.HOST,
    publicUrl: read.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    database:
      read.DATABASE_URL === undefined
        ? { kind: 'embedded', directory: '.quarterdeck/store' }
        : { kind: 'server', url: read.DATABASE_URL },
    artifactsUrl: read.ARTIFACTS_URL,
    catalog: read.QUARTERDECK_CATALOG,
    logLevel: read.LOG_LEVEL,
    temporal: readTemporalSettings(env),
    all: read,
  };
};
