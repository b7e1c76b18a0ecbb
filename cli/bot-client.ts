import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Reply } from '../bot/platform/platform.ts';
import type { AuditEntry } from '../bot/runs/port.ts';
import { CliError } from './cli-error.ts';

/** The running bot, reached over this machine's own network. */
export interface BotClient {
  sendCommand(words: string, as: string): Promise<Omit<Reply, 'visibility'>>;
  /** Takes any unambiguous beginning of a run's id. */
  audit(id: string): Promise<readonly AuditEntry[]>;
  /** null when it is ready, else the reason. */
  unready(): Promise<string | null>;
}

/** Only so much is looked at as tells our bot from another program, or from another version of itself. */
const answered = z.custom<Omit<Reply, 'visibility'>>(
  (body) =>
    z.looseObject({ card: z.looseObject({ title: z.string() }), outcome: z.string() }).safeParse(body)
      .success,
);
const auditTrail = z.custom<readonly AuditEntry[]>(
  (body) => z.array(z.looseObject({ at: z.number(), kind: z.string() })).safeParse(body).success,
);

/** Where the bot leaves the token that proves we may read its files. */
const tokenFile = join('.quarterdeck', 'cli-token');

const timeoutMs = 30_000;

interface BotAddress {
  readonly host: string;
  readonly port: number;
}

/** A bot that listens everywhere also listens here. */
const baseUrl = ({ host, port }: BotAddress): string =>
  `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;

const readToken = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw new CliError(
      `the bot is not running here: there is no ${file}; start it with npm start or npm run bot`,
    );
  }
};

export const createBotClient = (address: BotAddress, file = tokenFile): BotClient => {
  const base = baseUrl(address);

  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    try {
      return await fetch(`${base}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      const slow = error instanceof Error && error.name === 'TimeoutError';
      throw new CliError(
        slow
          ? `the bot at ${base} did not answer within ${timeoutMs / 1000} s; look at its log`
          : `the bot does not answer at ${base}; start it with npm start or npm run bot, or set HOST and PORT as it has them`,
      );
    }
  };

  const ask = async <Answer>(
    shape: z.ZodType<Answer>,
    path: string,
    init: RequestInit = {},
  ): Promise<Answer> => {
    const headers = { authorization: `Bearer ${await readToken(file)}`, 'content-type': 'application/json' };
    const response = await call(path, { ...init, headers });
    if (response.ok) {
      const read = shape.safeParse(await response.json().catch(() => null));
      if (read.success) return read.data;
      throw new CliError(`what answers at ${base} is no bot of this version; look at HOST and PORT`);
    }
    if (response.status === 401 || response.status === 403)
      throw new CliError(
        `the bot at ${base} refused the token in ${file}: it is another bot’s, or an old one`,
      );
    const body = (await response.json().catch(() => ({}))) as { error?: unknown };
    const reason =
      typeof body.error === 'string'
        ? body.error
        : `the bot at ${base} answered with ${response.status}; look at its log`;
    throw new CliError(reason);
  };

  return {
    sendCommand: (words, as) =>
      ask(answered, '/api/words', { method: 'POST', body: JSON.stringify({ words, as }) }),
    audit: (id) => ask(auditTrail, `/api/audit/${encodeURIComponent(id)}`),
    unready: async () => {
      const response = await call('/readyz');
      return response.ok ? null : (await response.text()).trim();
    },
  };
};
