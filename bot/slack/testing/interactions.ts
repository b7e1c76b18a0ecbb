import { randomUUID } from 'node:crypto';
import type { Caller } from './signed-requests.ts';

const origin = {
  type: 'block_actions',
  team: { id: 'T000000001', domain: 'emulate' },
  api_app_id: 'A000000001',
};

export interface Click extends Caller {
  readonly button: { readonly action_id: string; readonly value?: string };
  readonly triggerId?: string;
  readonly responseUrl?: string;
  readonly messageTs?: string;
}

/** A click on a button of a message. */
export const clickPayload = ({ user, channel, button, triggerId, responseUrl, messageTs }: Click) => ({
  ...origin,
  user: { id: user, username: 'ada', team_id: 'T000000001' },
  container: {
    type: 'message',
    message_ts: messageTs ?? '1.000001',
    channel_id: channel,
    is_ephemeral: false,
  },
  channel: { id: channel, name: 'general' },
  message: { type: 'message', ts: messageTs ?? '1.000001', text: '' },
  trigger_id: triggerId ?? `1.2.${randomUUID()}`,
  response_url: responseUrl ?? '',
  actions: [
    {
      type: 'button',
      block_id: 'buttons-1',
      action_ts: '1.2',
      text: { type: 'plain_text', text: 'x' },
      ...button,
    },
  ],
});

/** A click on a button of the Home page. */
export const homeClickPayload = ({ user, button }: Pick<Click, 'user' | 'button'>) => ({
  ...origin,
  user: { id: user, username: 'ada', team_id: 'T000000001' },
  container: { type: 'view', view_id: 'V1' },
  view: { id: 'V1', type: 'home', private_metadata: '', state: { values: {} } },
  trigger_id: `1.2.${randomUUID()}`,
  actions: [
    {
      type: 'button',
      block_id: 'buttons-1',
      action_ts: '1.2',
      text: { type: 'plain_text', text: 'x' },
      ...button,
    },
  ],
});

/** The window for a reason, sent. */
export const submitPayload = (
  user: string,
  view: { id: string; private_metadata: string },
  reason: string,
) => ({
  type: 'view_submission',
  team: origin.team,
  api_app_id: origin.api_app_id,
  user: { id: user, username: 'ada', team_id: 'T000000001' },
  trigger_id: `1.2.${randomUUID()}`,
  view: {
    ...view,
    type: 'modal',
    callback_id: 'reason',
    hash: '1.x',
    state: { values: { reason: { 'reason-text': { type: 'plain_text_input', value: reason } } } },
  },
  response_urls: [],
});
