import express, { Router } from 'express';
import { z } from 'zod';
import type { ConsoleParts } from '../console-parts.ts';
import { mainConversation } from '../entry.ts';
import { personOf } from '../people.ts';
import { Refused } from '../security/refused.ts';
import { randomToken } from '../security/sign.ts';
import { splitWords } from '../speak.ts';

const spoken = z.object({
  words: z.string().trim().min(1).max(10_000),
  as: z.string().max(300),
  /** The same for a second try of the same words. */
  key: z.string().min(8).max(100).optional(),
});

/** The chat's words from a terminal on this machine, and the audit trail. */
export const createTerminalRoutes = ({ door, dispatch, runs, seen }: ConsoleParts): Router => {
  const router = Router();

  router.post('/api/words', door.check, express.json({ limit: '32kb' }), async (request, response) => {
    const read = spoken.safeParse(request.body);
    const actor = read.success ? personOf(read.data.as) : null;
    if (!read.success || actor === null)
      throw new Refused(400, 'Send {"words": "deploy web production", "as": "<work e-mail>"}.');
    const { words, key = randomToken() } = read.data;
    const reply = await dispatch({
      ...splitWords(words),
      key: `terminal:${key}:${actor.id}`,
      actor,
      conversation: mainConversation,
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
    const [only, ...others] = await seen.startingWith(id);
    if (only === undefined)
      throw new Refused(404, `There is no run whose id begins with “${id.slice(0, 60)}”.`);
    if (others.length > 0)
      throw new Refused(
        409,
        `“${id.slice(0, 60)}” could be several runs: ${[only, ...others].slice(0, 5).join(', ')}.`,
      );
    response.json(await runs.audit(only));
  });

  return router;
};
