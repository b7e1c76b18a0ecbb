import { createHmac, randomUUID } from 'node:crypto';

/** Signs a body as Slack does. */
export const sign = (secret: string, body: string, seconds: number): Record<string, string> => ({
  'x-slack-request-timestamp': String(seconds),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`,
});

export interface SendOptions {
  readonly secret?: string;
  /** Seconds by which the request's time differs from now. */
  readonly skew?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Caller {
  readonly user: string;
  readonly channel: string;
}

const form = 'application/x-www-form-urlencoded';

/** Sends what Slack would send, over real HTTP. */
export const createSignedRequests = (url: string, signingSecret: string) => {
  const send = (body: string, type: string, options: SendOptions = {}): Promise<Response> => {
    const seconds = Math.floor(Date.now() / 1000) + (options.skew ?? 0);
    return fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': type,
        ...sign(options.secret ?? signingSecret, body, seconds),
        ...options.headers,
      },
    });
  };
  const interaction = (payload: object, options?: SendOptions) =>
    send(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), form, options);

  return {
    send,
    interaction,
    command: (typed: string, { user, channel }: Caller, responseUrl = '', options?: SendOptions) => {
      const [command = '', ...words] = typed.split(' ');
      const fields = {
        token: 'unused',
        team_id: 'T000000001',
        team_domain: 'emulate',
        channel_id: channel,
        channel_name: 'general',
        user_id: user,
        user_name: 'ada',
        command,
        text: words.join(' '),
        api_app_id: 'A000000001',
        is_enterprise_install: 'false',
        response_url: responseUrl,
        trigger_id: `1.2.${randomUUID()}`,
      };
      return send(new URLSearchParams(fields).toString(), form, options);
    },
    event: (event: object, eventId = `Ev${randomUUID()}`, options?: SendOptions) =>
      send(
        JSON.stringify({
          token: 'unused',
          team_id: 'T000000001',
          api_app_id: 'A000000001',
          type: 'event_callback',
          event_id: eventId,
          event_time: Math.floor(Date.now() / 1000),
          event,
        }),
        'application/json',
        options,
      ),
  };
};

export type SignedRequests = ReturnType<typeof createSignedRequests>;
