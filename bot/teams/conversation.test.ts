import { describe, expect, test } from 'vitest';
import { conversationOf, idOf, inThread, placeOf, refOf, threadOf } from './conversation.ts';

const channel = '19:abc123@thread.tacv2';

describe('a conversation', () => {
  test.each([
    [channel, `teams:${channel}`],
    [`${channel};messageid=1700000000001`, `teams:${channel}`],
    ['a:1Xy-_z', 'teams:a:1Xy-_z'],
  ])('%s is called %s', (id, name) => {
    const conversation = conversationOf({ conversation: { id } });
    expect(conversation).toBe(name);
    expect(`teams:${idOf(conversation)}`).toBe(name);
  });

  test.each([
    'slack:C0123456789',
    'teams:',
    'teams:two words',
    'teams:19:a@thread.tacv2;messageid=1',
    'teams:../../v3/conversations',
    `teams:${'x'.repeat(300)}`,
  ])('called %s is refused, with an example', (conversation) => {
    expect(() => idOf(conversation)).toThrow(
      expect.objectContaining({ kind: 'never', message: expect.stringContaining('teams:19:abc123@thread') }),
    );
  });
});

describe('a reference to a message', () => {
  test('names its conversation, its thread and itself', () => {
    const place = { conversationId: inThread(channel, '17'), activityId: '18' };
    expect(placeOf(refOf(place))).toEqual(place);
    expect(threadOf(place.conversationId)).toBe('17');
    expect(threadOf(channel)).toBeNull();
  });

  test.each(['', 'one', 'one two three', 'C012/17.1'])('that is “%s” is not ours', (ref) => {
    expect(() => placeOf(ref)).toThrow(expect.objectContaining({ kind: 'gone' }));
  });
});
