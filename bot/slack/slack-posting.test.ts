import { afterEach, describe, expect, test, vi } from 'vitest';
import { ChatError } from '../platform/errors.ts';
import type { Platform, PostKey } from '../platform/platform.ts';
import { assertBlocks } from './testing/assert-blocks.ts';
import { agreed, openSlackWorld, type SlackWorld, type WorldOptions } from './testing/slack-world.ts';

let world: SlackWorld;
let platform: Platform;
const open = async (options?: WorldOptions) => {
  world = await openSlackWorld(options);
  platform = world.platform;
};
afterEach(() => world.close());

const { card } = agreed;
const key = (over: Partial<PostKey> = {}): PostKey => ({
  workflowId: 'total-build-1',
  part: 'card',
  deliveryUncertain: false,
  ...over,
});
const to = () => `slack:${world.channel}`;
const failure = async (work: Promise<unknown>): Promise<ChatError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChatError);
  return error as ChatError;
};

describe('a card', () => {
  test('A card is posted once and edited in place by its reference', async () => {
    await open();
    const ref = await platform.post(to(), card, key());
    await platform.edit(ref, { ...card, title: 'Done', summary: 'Done' });
    const messages = await world.messages();
    expect(messages).toHaveLength(1);
    expect(ref).toBe(`${world.channel}/${messages[0]?.ts}`);
    expect(messages[0]?.text).toContain('Done');
    expect(messages[0]?.metadata).toEqual({
      event_type: 'quarterdeck_run',
      event_payload: { run_id: 'total-build-1', part: 'card' },
    });
    expect(world.proxy.answered.map(({ sent }) => sent).join()).toContain('unfurl_links=false');
  });

  test('A card whose answer was lost is found and not posted again', async () => {
    await open();
    await platform.post(to(), card, key({ workflowId: 'total-build-2' }));
    world.proxy.faults.set('chat.postMessage', ['lose-answer']);
    expect((await failure(platform.post(to(), card, key()))).kind).toBe('uncertain');
    const ref = await platform.post(to(), card, key({ deliveryUncertain: true }));
    const messages = await world.messages();
    expect(messages).toHaveLength(2);
    expect(ref).toBe(`${world.channel}/${messages[0]?.ts}`);
  });

  test('A card that never arrived is posted by the retry', async () => {
    await open();
    world.proxy.faults.set('chat.postMessage', ['reset']);
    expect((await failure(platform.post(to(), card, key()))).kind).toBe('uncertain');
    await platform.post(to(), card, key({ deliveryUncertain: true }));
    expect(await world.messages()).toHaveLength(1);
  });

  test('A card is not posted while its first delivery cannot be checked', async () => {
    await open();
    world.proxy.faults.set('conversations.history', [{ status: 503 }]);
    expect((await failure(platform.post(to(), card, key({ deliveryUncertain: true })))).kind).toBe(
      'uncertain',
    );
    expect(world.proxy.calls).not.toContain('chat.postMessage');
  });

  test('A card is posted in its plainest form when Slack rejects its blocks', async () => {
    await open();
    const refusal = { status: 200, body: { ok: false, error: 'msg_blocks_too_long' } };
    world.proxy.faults.set('chat.postMessage', [refusal, refusal]);
    await platform.post(to(), card, key());
    const [message] = await world.messages();
    expect(message?.blocks).toMatchObject([{ type: 'section' }]);
  });

  test('An edit of a deleted card fails with not_found', async () => {
    await open();
    const ref = await platform.post(to(), card, key());
    const [message] = await world.messages();
    await world.asBot.chat.delete({ channel: world.channel, ts: message?.ts ?? '' });
    expect((await failure(platform.edit(ref, card))).kind).toBe('not_found');
  });
});

describe('an answer of Slack', () => {
  const limited = { status: 429, headers: { 'retry-after': '7' } };
  const refused = (error: string) => ({ status: 200, body: { ok: false, error } });

  test.each([
    ['429 with a time', limited, 'retryable', 7000],
    ['500', { status: 500 }, 'uncertain', null],
    ['a dropped connection', 'reset' as const, 'uncertain', null],
    ['no answer', 'hang' as const, 'uncertain', null],
    ['a failure halfway', refused('fatal_error'), 'uncertain', null],
    ['407 from a proxy', { status: 407 }, 'uncertain', null],
    ['403 from a proxy', { status: 403, body: { error: { code: 7 } } }, 'retryable', null],
    [
      '403 with an error code of Slack',
      { status: 403, body: { ok: false, error: 'is_archived' } },
      'permanent',
      null,
    ],
    ['that the workspace is moving', refused('org_login_required'), 'retryable', 60_000],
    ['that key access was revoked', refused('ekm_access_denied'), 'retryable', 60_000],
    ['that access is limited', refused('accesslimited'), 'retryable', 60_000],
    ['that the rate limit was reached', refused('rate_limited'), 'retryable', 60_000],
    ['that the team is not granted', refused('team_access_not_granted'), 'retryable', 60_000],
    ['that the bot is not in the channel', refused('not_in_channel'), 'permanent', null],
    ['that the channel does not exist', refused('channel_not_found'), 'permanent', null],
    ['that the channel is archived', refused('is_archived'), 'permanent', null],
    ['that the token is not valid', refused('invalid_auth'), 'retryable', 60_000],
  ])('A post answered with %s fails as %s %s', async (_, fault, kind, retryAfterMs) => {
    await open({ timeouts: { posting: 500, urgent: 500 } });
    world.proxy.faults.set('chat.postMessage', [fault]);
    const error = await failure(platform.post(to(), card, key()));
    expect(error).toMatchObject({ kind, retryAfterMs });
    expect(world.proxy.calls.filter((method) => method === 'chat.postMessage')).toHaveLength(1);
  });

  test('An edit whose answer is lost is retryable', async () => {
    await open({ timeouts: { posting: 500, urgent: 500 } });
    const ref = await platform.post(to(), card, key());
    world.proxy.faults.set('chat.update', ['lose-answer', 'hang', { status: 502 }]);
    for (const _ of [1, 2, 3]) expect((await failure(platform.edit(ref, card))).kind).toBe('retryable');
    await platform.edit(ref, card);
  });

  test('A rate limit on posting does not delay replies', async () => {
    await open();
    world.proxy.faults.set('chat.postMessage', [{ status: 429, headers: { 'retry-after': '3600' } }]);
    const error = await failure(platform.post(to(), card, key()));
    expect(error).toMatchObject({ kind: 'retryable', retryAfterMs: 3_600_000 });
    const answer = await world.slack.command('/deploy web', { user: world.ada, channel: world.channel });
    expect(await answer.text()).toContain('Deploying web');
  });

  test('A conversation of another chat is refused with the correct format', async () => {
    await open();
    const error = await failure(platform.post('teams:19:abc', card, key()));
    expect(error).toMatchObject({
      kind: 'permanent',
      message: expect.stringContaining('slack:<channel id>'),
    });
  });
});

describe("a run's thread", () => {
  const posted = async () => {
    const ref = await platform.post(to(), card, key());
    return { ref, ts: ref.split('/')[1] ?? '' };
  };

  test('A thread post has text, log lines and mentions of the people that Slack knows', async () => {
    await open();
    const { ref, ts } = await posted();
    const post = {
      text: 'Failed: <!channel>',
      lines: ['✗ answers 404', '```'],
      mentions: ['grace@example.com', 'unknown@example.com'],
    };
    await platform.reply(ref, post, key({ part: '4-failed' }));
    const [message] = await world.thread(ts);
    assertBlocks(message?.blocks as Parameters<typeof assertBlocks>[0]);
    expect(message?.text).toMatch(/^<@U\w+> Failed: &lt;!channel&gt;/);
    expect(JSON.stringify(message?.blocks)).toContain('rich_text_preformatted');
    expect(message?.text).not.toContain('<!channel>');
  });

  test('Each part is posted once although an answer was lost', async () => {
    await open();
    const { ref, ts } = await posted();
    world.proxy.faults.set('chat.postMessage', ['lose-answer']);
    const post = { text: 'Ada approved (1 of 1)' };
    expect((await failure(platform.reply(ref, post, key({ part: '3-approved' })))).kind).toBe('uncertain');
    await platform.reply(ref, post, key({ part: '3-approved', deliveryUncertain: true }));
    await platform.reply(ref, post, key({ part: '4-approved', deliveryUncertain: true }));
    expect(await world.thread(ts)).toHaveLength(2);
  });

  const plan = {
    text: 'The plan is ready.',
    file: { name: 'plan.txt', title: 'Plan', content: Buffer.from('# web') },
  };

  test('A file is posted once although the answer to its last step was lost', async () => {
    await open();
    const { ref, ts } = await posted();
    world.proxy.faults.set('files.completeUploadExternal', ['lose-answer']);
    expect((await failure(platform.reply(ref, plan, key({ part: '2-planned' })))).kind).toBe('uncertain');
    await platform.reply(ref, plan, key({ part: '2-planned', deliveryUncertain: true }));
    const messages = await world.thread(ts);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      text: 'The plan is ready.',
      files: [{ name: '2-planned-plan.txt', title: 'Plan', size: 5 }],
    });
  });

  test('A file whose upload fails early is retryable', async () => {
    await open();
    const { ref } = await posted();
    world.proxy.faults.set('files.getUploadURLExternal', [{ status: 503 }]);
    expect((await failure(platform.reply(ref, plan, key({ part: '2-planned' })))).kind).toBe('retryable');
  });

  test('A thread post is sent without its file where uploads are forbidden', async () => {
    await open();
    const { ref, ts } = await posted();
    const refusal = { status: 200, body: { ok: false, error: 'missing_scope', needed: 'files:write' } };
    world.proxy.faults.set('files.getUploadURLExternal', [refusal]);
    await platform.reply(ref, plan, key({ part: '2-planned' }));
    expect((await world.thread(ts))[0]?.text).toContain('File upload failed.');
  });
});

describe('while Slack is away', () => {
  const quick = { firstRetryMs: 20, maxRetryMs: 50, recheckMs: 30 };

  test('The bot starts unready and connects when Slack is back', async () => {
    await open({ away: true, ...quick });
    expect(await platform.unreadyReason()).toContain('Slack does not answer');
    const work = platform.post(to(), card, key());
    expect((await failure(work)).kind).not.toBe('permanent');
    world.proxy.faults.delete('*');
    await vi.waitFor(async () => expect(await platform.unreadyReason()).toBeNull());
    await platform.post(to(), card, key({ deliveryUncertain: true }));
    expect(await world.messages()).toHaveLength(1);
  });

  test('A later outage is reported, and differs from a rejected token', async () => {
    await open(quick);
    expect(await platform.unreadyReason()).toBeNull();
    world.proxy.faults.set('*', ['reset']);
    await vi.waitFor(async () => expect(await platform.unreadyReason()).toContain('does not answer'));
    world.proxy.faults.set('*', [{ status: 200, body: { ok: false, error: 'token_revoked' } }]);
    await vi.waitFor(async () => expect(await platform.unreadyReason()).toContain('token_revoked'));
    world.proxy.faults.delete('*');
    await vi.waitFor(async () => expect(await platform.unreadyReason()).toBeNull());
  });
});
