import { describe, expect, test } from 'vitest';
import {
  getThreadId,
  parseMessageRef,
  toConversation,
  toConversationId,
  toMessageRef,
  toThreadConversationId,
} from './conversation.ts';

const channel = '19:abc123@thread.tacv2';

describe('a conversation', () => {
  test.each([
    [channel, `teams:${channel}`],
    [`${channel};messageid=1700000000001`, `teams:${channel}`],
    ['a:1Xy-_z', 'teams:a:1Xy-_z'],
  ])('The conversation ID %s is %s', (id, name) => {
    const conversation = toConversation({ conversation: { id } });
    expect(conversation).toBe(name);
    expect(`teams:${toConversationId(conversation)}`).toBe(name);
  });

  test.each([
    'slack:C0123456789',
    'teams:',
    'teams:two words',
    'teams:19:a@thread.tacv2;messageid=1',
    'teams:../../v3/conversations',
    `teams:${'x'.repeat(300)}`,
  ])('The conversation %s is rejected with an example', (conversation) => {
    expect(() => toConversationId(conversation)).toThrow(
      expect.objectContaining({
        kind: 'permanent',
        message: expect.stringContaining('teams:19:abc123@thread'),
      }),
    );
  });
});

describe('a reference to a message', () => {
  test('A message reference contains the conversation, the thread and the message', () => {
    const place = { conversationId: toThreadConversationId(channel, '17'), activityId: '18' };
    expect(parseMessageRef(toMessageRef(place))).toEqual(place);
    expect(getThreadId(place.conversationId)).toBe('17');
    expect(getThreadId(channel)).toBeNull();
  });

  test.each(['', 'one', 'one two three', 'C012/17.1'])('The reference “%s” is rejected', (ref) => {
    expect(() => parseMessageRef(ref)).toThrow(expect.objectContaining({ kind: 'not_found' }));
  });
});
