import type { Express } from 'express';
import type { z } from 'zod';
import type { EnvironmentCheck } from '../../runtime/env.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { GetCatalogSummary } from '../commands/catalog-summary.ts';
import type { CommandSpec } from '../commands/spec.ts';
import type { Runs } from '../runs/port.ts';
import type { Dispatch, Platform } from './platform.ts';

/** What a platform remembers from one start to the next, kept apart from the other platforms'. */
export interface PlatformStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** What a platform is made from. */
export interface PlatformDeps {
  /** The one HTTP server. A platform adds its own routes, with its own body parsers, in `create`. */
  readonly app: Express;
  readonly dispatch: Dispatch;
  readonly runs: Runs;
  readonly getCatalogSummary: GetCatalogSummary;
  /** What is wrong with the catalog's file as it is now; empty when it is in force. */
  readonly catalogProblems?: () => readonly string[];
  /** Every word that people can type: help texts and manifests are made from these. */
  readonly commands: readonly CommandSpec[];
  readonly store: PlatformStore;
  readonly logger: Logger;
  /** The address people's links carry, without a slash at the end; null when there is none. */
  readonly publicUrl: string | null;
  readonly host: string;
  readonly port: number;
  /** True when no chat before this one in the list is configured: the console is then the chat itself. */
  readonly interactive?: boolean;
}

/**
 * How a platform comes to be. Its folder's `index.ts` exports one, and `platforms.ts` lists it.
 * `env` names the variables that it reads; what is wrong with them is told together with everything
 * else that is wrong.
 */
export interface PlatformFactory<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  readonly env: Shape;
  /** Looks at what one variable alone cannot show: half a pair, two ways at once. */
  readonly checks?: readonly EnvironmentCheck[];
  /** null when it is not configured. */
  create(env: z.output<z.ZodObject<Shape>>, deps: PlatformDeps): Platform | null;
}
