import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Reply } from '../bot/platform/platform.ts';
import type { AuditEntry } from '../bot/runs/types.ts';
import { CliError } from './cli-error.ts';

type CommandReply = Omit<Reply, 'visibility'>;

/** The running bot, over HTTP on this machine. Every method throws CliError when the bot can't answer. */
export interface BotClient {
  /** Runs a chat command for the person with this email. */
  sendCommand(words: string, as: string): Promise<CommandReply>;
  /** `id` is a run's id or any unambiguous prefix of it. */
  audit(id: string): Promise<readonly AuditEntry[]>;
  /** null when the bot is ready, else the reason. */
  getUnreadyReason(): Promise<string | null>;
}

/** Checks only what tells a bot of this version from other servers. */
const replySchema = z.custom<CommandReply>(
  (body) =>
    z.looseObject({ card: z.looseObject({ title: z.string() }), outcome: z.string() }).safeParse(body)
      .success,
);
const auditSchema = z.custom<readonly AuditEntry[]>(
  (body) => z.array(z.looseObject({ at: z.number(), kind: z.string() })).safeParse(body).success,
);

/** The bot writes its token here at startup, readable by its user only. */
const tokenFile = join('.quarterdeck', 'cli-token');

const timeoutMs = 30_000;

interface BotAddress {
  readonly host: string;
  readonly port: number;
}

/** A bot that listens on all interfaces is reached over loopback. */
const toBaseUrl = ({ host, port }: BotAddress): string =>
  `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;

const readToken = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw new CliError(
      `The bot isn't running in this directory: ${file} not found. Start it with npm start or npm run bot.`,
    );
  }
};

export const createBotClient = (address: BotAddress, file = tokenFile): BotClient => {
  const base = toBaseUrl(address);

  const fetchFromBot = async (path: string, init: RequestInit = {}): Promise<Response> => {
    try {
      return await fetch(`${base}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'TimeoutError';
      throw new CliError(
        isTimeout
          ? `The bot at ${base} didn't respond within ${timeoutMs / 1000} s. Check its log.`
          : `Can't reach the bot at ${base}. Start it with npm start or npm run bot, or set its HOST and PORT.`,
      );
    }
  };

  const request = async <Body>(
    schema: z.ZodType<Body>,
    path: string,
    init: RequestInit = {},
  ): Promise<Body> => {
    const headers = { authorization: `Bearer ${await readToken(file)}`, 'content-type': 'application/json' };
    const response = await fetchFromBot(path, { ...init, headers });
    if (response.ok) {
      const parsed = schema.safeParse(await response.json().catch(() => null));
      if (parsed.success) return parsed.data;
      throw new CliError(`The server at ${base} isn't a bot of this version. Check HOST and PORT.`);
    }
    if (response.status === 401 || response.status === 403)
      throw new CliError(
        `The bot at ${base} rejected the token in ${file} (stale, or from another bot). Restart the bot.`,
      );
    const body = (await response.json().catch(() => ({}))) as { error?: unknown };
    throw new CliError(
      typeof body.error === 'string'
        ? body.error
        : `The bot at ${base} returned HTTP ${response.status}. Check its log.`,
    );
  };

  return {
    sendCommand: (words, as) =>
      request(replySchema, '/api/words', { method: 'POST', body: JSON.stringify({ words, as }) }),
    audit: (id) => request(auditSchema, `/api/audit/${encodeURIComponent(id)}`),
    getUnreadyReason: async () => {
      const response = await fetchFromBot('/readyz');
      return response.ok ? null : (await response.text()).trim();
    },
  };
};
