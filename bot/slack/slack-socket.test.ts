import express from 'express';
import { expect, test, vi } from 'vitest';
import { createLogger } from '../../runtime/logger.ts';
import type { Invocation } from '../platform/platform.ts';
import type { Runs } from '../runs/types.ts';
import { createTestDispatch } from '../testing/test-dispatch.ts';
import { createSlack } from './create-slack.ts';
import { agreed } from './testing/slack-world.ts';
import { openSocketServer } from './testing/socket-server.ts';

const open = async () => {
  const server = await openSocketServer();
  const invocations: Invocation[] = [];
  const platform = createSlack(
    { mode: 'socket', botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl: server.apiUrl },
    {
      app: express(),
      dispatch: createTestDispatch(async (invocation) => {
        invocations.push(invocation);
        return agreed;
      }),
      runs: {} as Runs,
      logger: createLogger('test', 'silent'),
      publicUrl: null,
    },
    { socketRetryMs: 50 },
  );
  return { server, invocations, platform };
};

const envelope = {
  envelope_id: 'E1',
  type: 'slash_commands',
  accepts_response_payload: true,
  payload: {
    command: '/deploy',
    text: 'web production',
    user_id: 'U1',
    channel_id: 'C1',
    team_id: 'T1',
    trigger_id: '1.2.3',
    response_url: '',
  },
};

test('A command over Socket Mode is answered on the same connection', async () => {
  const { server, platform, invocations } = await open();
  await platform.start();
  await vi.waitFor(async () => expect(await platform.unreadyReason()).toBeNull(), 10_000);
  server.send(envelope);
  await vi.waitFor(() => expect(server.received).toHaveLength(1), 10_000);
  expect(server.received[0]).toMatchObject({
    envelope_id: 'E1',
    payload: { response_type: 'ephemeral', text: expect.stringContaining('Deploying web') },
  });
  expect(invocations).toMatchObject([{ args: 'web production', actor: { id: 'ada@example.com' } }]);
  await platform.stop();
  await server.close();
});

test('The bot starts unready while Socket Mode is down and connects later', async () => {
  const { server, platform } = await open();
  server.refuseConnections(true);
  await platform.start();
  expect(await platform.unreadyReason()).toBe('Socket Mode is not connected');
  server.refuseConnections(false);
  await vi.waitFor(async () => expect(await platform.unreadyReason()).toBeNull(), 20_000);
  await platform.stop();
  await server.close();
});
