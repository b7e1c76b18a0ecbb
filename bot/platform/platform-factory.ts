import type { Express } from 'express';
import type { z } from 'zod';
import type { EnvironmentCheck } from '../../runtime/env.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { GetCatalogSummary } from '../commands/command.ts';
import type { CommandSpec } from '../commands/spec.ts';
import type { Runs } from '../runs/types.ts';
import type { Dispatch, Platform } from './platform.ts';

/**
 * Values that a platform keeps across restarts: JSON by key, separate for each platform. Each method
 * rejects when the database does not answer.
 */
export interface PlatformStore {
  /** null when the key is unknown. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What the bot's process gives to each platform. */
export interface PlatformDeps {
  /** The bot's HTTP server. A platform adds its routes, with their body parsers, in `create`. */
  readonly app: Express;
  readonly dispatch: Dispatch;
  readonly runs: Runs;
  readonly getCatalogSummary: GetCatalogSummary;
  /** The problems of the catalog file on disk; empty while that file is active. */
  readonly catalogProblems?: () => readonly string[];
  /** All commands: help texts and manifests are generated from them. */
  readonly commands: readonly CommandSpec[];
  readonly store: PlatformStore;
  readonly logger: Logger;
  /** The base of links to the console, without a slash at the end; null when PUBLIC_URL is not set. */
  readonly publicUrl: string | null;
  readonly host: string;
  readonly port: number;
  /** True when no chat before this one in the list is configured: the console then accepts commands. */
  readonly interactive?: boolean;
}

/** Creates a platform from the environment. Its folder's `index.ts` exports one; `platforms.ts` lists it. */
export interface PlatformFactory<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  /** The variables that the platform reads; all problems of all variables are reported together. */
  readonly env: Shape;
  /** Checks several variables together: incomplete pairs, settings that exclude each other. */
  readonly checks?: readonly EnvironmentCheck[];
  /** null when the platform is not configured. */
  create(env: z.output<z.ZodObject<Shape>>, deps: PlatformDeps): Platform | null;
}
