import type { Logger } from '../../runtime/logger.ts';

export interface Connection {
  /** Asks once and goes on asking in the background; rejects only when the credentials are refused. */
  start(): Promise<void>;
  stop(): void;
  unreadyReason(): string | null;
}

export interface ConnectionOptions {
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  readonly recheckMs?: number;
}

/** Microsoft's login names what it refuses by numbers; these are about our own settings. */
const refusals: Readonly<Record<string, string>> = {
  AADSTS7000215: 'MicrosoftAppPassword is not a client secret of this app; copy its value, not its id',
  AADSTS7000222: 'MicrosoftAppPassword has expired; make a new client secret',
  AADSTS700016: 'MicrosoftAppId is not known in the tenant of MicrosoftAppTenantId',
  AADSTS90002: 'MicrosoftAppTenantId is not a tenant',
  AADSTS900023: 'MicrosoftAppTenantId is not a tenant',
};

const whyRefused = (error: unknown): string | null => {
  const said = error instanceof Error ? error.message : String(error);
  const [code] = /AADSTS\d+/.exec(said) ?? [];
  const known = code === undefined ? undefined : refusals[code];
  if (known !== undefined) return known;
  return /\binvalid_client\b|\bunauthorized_client\b/.test(said)
    ? 'the login refuses MicrosoftAppId with MicrosoftAppPassword; copy both again from the Azure Bot'
    : null;
};

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 200) ?? '';

/** Whether a token can be had, and the keys be read, without which nothing is said and nothing heard. */
export const createConnection = (
  checks: { readonly token: () => Promise<unknown>; readonly keys: () => Promise<unknown> },
  logger: Logger,
  { firstRetryMs = 1000, maxRetryMs = 30_000, recheckMs = 60_000 }: ConnectionOptions = {},
): Connection => {
  let trouble: string | null = 'Microsoft has not answered yet';
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const note = (words: string | null): void => {
    if (words === trouble) return;
    if (words === null) logger.info('connected to Teams');
    else logger.warn({ error: words }, 'not connected to Teams');
    trouble = words;
  };

  /** The reason when the credentials were refused. */
  const ask = async (): Promise<string | null> => {
    const [token, keys] = await Promise.allSettled([checks.token(), checks.keys()]);
    if (token.status === 'rejected') {
      const refused = whyRefused(token.reason);
      note(refused ?? `no token can be had from the login (${wordsOf(token.reason)})`);
      return refused;
    }
    note(keys.status === 'rejected' ? `its keys cannot be read (${wordsOf(keys.reason)})` : null);
    return null;
  };

  const plan = (delay: number): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        void ask().then(() => plan(trouble === null ? recheckMs : Math.min(delay * 2, maxRetryMs)));
      },
      trouble === null ? recheckMs : delay,
    );
    timer.unref();
  };

  return {
    async start() {
      const refused = await ask();
      if (refused !== null) throw new Error(`connecting to Teams: ${refused}`);
      plan(firstRetryMs);
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
    unreadyReason: () => trouble,
  };
};
