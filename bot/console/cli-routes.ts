import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RequestHandler } from 'express';
import express, { Router } from 'express';
import { z } from 'zod';
import { defaultReplyTimeoutMs } from '../platform/platform.ts';
import { splitCommand } from './chat/console-chat.ts';
import { mainConversation } from './chat/entry.ts';
import type { ConsoleParts } from './console-parts.ts';
import { findRun } from './run-cache.ts';
import { HttpError } from './security/http-error.ts';
import { toPerson } from './security/identity.ts';
import { equalsConstantTime, randomToken } from './security/signer.ts';

/** The way in for the terminal on this machine: who can read the file may speak. */
export interface CliAuth {
  /** Writes a new token where only this user can read it. */
  writeToken(): Promise<void>;
  readonly check: RequestHandler;
}

const loopbackAddress = /^(::ffff:)?127\.|^::1$/;

export const createCliAuth = (file: string): CliAuth => {
  const token = randomToken();
  return {
    async writeToken() {
      await mkdir(dirname(file), { recursive: true });
      // A mode is that of a new file only: into an old one, others could look before it were shut.
      const fresh = `${file}.${randomToken()}`;
      await writeFile(fresh, `${token}\n`, { flag: 'wx', mode: 0o600 });
      await rename(fresh, file).catch(async (error: unknown) => {
        await rm(fresh, { force: true });
        throw error;
      });
    },
    check(request, _response, next) {
      const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const local =
        loopbackAddress.test(request.socket.remoteAddress ?? '') && request.headers.origin === undefined;
      if (!local) next(new HttpError(403, 'This door is for a terminal on this machine only.'));
      else if (!equalsConstantTime(given, token))
        next(new HttpError(401, `This needs the token in ${file}, which the bot writes when it starts.`));
      else next();
    },
  };
};

const spoken = z.object({
  words: z.string().trim().min(1).max(32_000),
  as: z.string().max(300),
  /** The same for a second try of the same words. */
  key: z.string().min(8).max(100).optional(),
});

/** The chat's words from a terminal on this machine, and the audit trail. */
export const createCliRoutes = ({
  cliAuth: door,
  dispatch,
  runs,
  consoleChat: speak,
}: ConsoleParts): Router => {
  const router = Router();

  router.post('/api/words', door.check, express.json({ limit: '128kb' }), async (request, response) => {
    const read = spoken.safeParse(request.body);
    const actor = read.success ? toPerson(read.data.as) : null;
    if (!read.success || actor === null)
      throw new HttpError(400, 'Send {"words": "deploy web production", "as": "<work e-mail>"}.');
    const { words, key = randomToken() } = read.data;
    const call = { idempotencyKey: `terminal:${key}:${actor.id}`, conversation: mainConversation };
    const reply = await dispatch({
      ...splitCommand(words),
      ...call,
      resolveActor: async () => actor,
      deadline: Date.now() + defaultReplyTimeoutMs,
      deliverDeferredReply: (late) => speak.deliverLate({ ...call, actor }, late),
    });
    response.json(reply);
  });

  router.get('/api/audit/:id', door.check, async (request, response) => {
    const { id = '' } = request.params as { id?: string };
    const exact = await runs.audit(id);
    if (exact.length > 0) {
      response.json(exact);
      return;
    }
    const found = await findRun(runs, id);
    if ('why' in found) throw new HttpError(404, found.why);
    const entries = await runs.audit(found.workflowId);
    if (entries.length === 0) throw new HttpError(404, `Nothing is known of a run “${id.slice(0, 60)}”.`);
    response.json(entries);
  });

  return router;
};
