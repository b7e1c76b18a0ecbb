import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { type Dispatch, defaultReplyTimeoutMs } from '../platform/platform.ts';
import type { Runs } from '../runs/types.ts';
import { type ConsoleChat, splitCommand } from './chat/console-chat.ts';
import { mainConversation } from './chat/conversations.ts';
import { findRun } from './run-cache.ts';
import { HttpError } from './security/http-error.ts';
import { toPerson } from './security/identity.ts';
import { equalsConstantTime, randomToken } from './security/signer.ts';

/** Authenticates the CLI: it proves that it can read a file of this user. */
export interface CliAuth {
  /** Writes a new token, readable by this user only. */
  writeToken(): Promise<void>;
  readonly check: RequestHandler;
}

const loopbackAddress = /^(::ffff:)?127\.|^::1$/;

export const createCliAuth = (file: string): CliAuth => {
  const token = randomToken();
  return {
    async writeToken() {
      await mkdir(dirname(file), { recursive: true });
      // Replace the file: an existing one would keep its mode, and its readers could see the token.
      const temporary = `${file}.${randomToken()}`;
      await writeFile(temporary, `${token}\n`, { flag: 'wx', mode: 0o600 });
      await rename(temporary, file).catch(async (error: unknown) => {
        await rm(temporary, { force: true });
        throw error;
      });
    },
    check(request, _response, next) {
      const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const isLocal =
        loopbackAddress.test(request.socket.remoteAddress ?? '') && request.headers.origin === undefined;
      if (!isLocal) next(new HttpError(403, 'CLI endpoint: local connections only.'));
      else if (!equalsConstantTime(given, token))
        next(new HttpError(401, `Invalid token. Use the one in ${file}; the bot writes it at startup.`));
      else next();
    },
  };
};

const commandBody = z.object({
  words: z.string().trim().min(1).max(32_000),
  as: z.string().max(300),
  /** Identifies a retry of the same command. */
  key: z.string().min(8).max(100).optional(),
});

export interface CliRouteDeps {
  readonly cliAuth: CliAuth;
  readonly dispatch: Dispatch;
  readonly runs: Pick<Runs, 'audit' | 'find'>;
  readonly consoleChat: ConsoleChat;
}

/** Chat commands and the audit trail for the CLI on this machine. */
export const createCliRoutes = ({ cliAuth, dispatch, runs, consoleChat }: CliRouteDeps): Router => {
  const router = Router();

  router.post('/api/words', cliAuth.check, express.json({ limit: '128kb' }), async (request, response) => {
    const body = commandBody.safeParse(request.body);
    const actor = body.success ? toPerson(body.data.as) : null;
    if (!body.success || actor === null)
      throw new HttpError(400, 'Send {"words": "deploy web production", "as": "<work email>"}.');
    const { words, key = randomToken() } = body.data;
    const call = { idempotencyKey: `terminal:${key}:${actor.id}`, conversation: mainConversation };
    const reply = await dispatch({
      ...splitCommand(words),
      ...call,
      resolveActor: async () => actor,
      deadline: Date.now() + defaultReplyTimeoutMs,
      deliverDeferredReply: (late) => consoleChat.deliverLate({ ...call, actor }, late),
    });
    response.json(reply);
  });

  router.get('/api/audit/:id', cliAuth.check, async (request, response) => {
    const { id = '' } = request.params as { id?: string };
    const exact = await runs.audit(id);
    if (exact.length > 0) {
      response.json(exact);
      return;
    }
    const found = await findRun(runs, id);
    if ('problem' in found) throw new HttpError(404, found.problem);
    const entries = await runs.audit(found.workflowId);
    if (entries.length === 0) throw new HttpError(404, `No audit entries for run “${id.slice(0, 60)}”.`);
    response.json(entries);
  });

  return router;
};
