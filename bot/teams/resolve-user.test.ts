import { describe, expect, test, vi } from 'vitest';
import { ChatError } from '../platform/errors.ts';
import { createResolveUser, type Sender, type TeamsMember } from './resolve-user.ts';

const tenant = '99999999-0000-0000-0000-000000000001';
const objectId = 'AAAAAAAA-0000-0000-0000-000000000001';
const sender: Sender = {
  from: { id: '29:ada', aadObjectId: objectId },
  conversation: { id: '19:room@thread.tacv2', tenantId: tenant },
};
const ada: TeamsMember = {
  id: '29:ada',
  name: 'Ada Lovelace',
  aadObjectId: objectId.toLowerCase(),
  email: ' Ada@Example.com ',
  userPrincipalName: 'al@example.com',
  userRole: 'user',
  tenantId: tenant,
};
const finder = (lookUp: () => Promise<TeamsMember>, timeoutMs?: number) =>
  createResolveUser({ lookUp, tenants: [tenant], ...(timeoutMs === undefined ? {} : { timeoutMs }) });
const find = (member: TeamsMember, from: Sender = sender) => finder(async () => member)(from);

test('a member is the person of the work e-mail, in lower case', async () => {
  expect(await find(ada)).toEqual({ id: 'ada@example.com', name: 'Ada Lovelace' });
});

test('without an e-mail, somebody is the person of the name that they sign in with', async () => {
  const { email: _, ...rest } = ada;
  expect(await find(rest)).toMatchObject({ id: 'al@example.com' });
});

test('the roster may call the object id objectId', async () => {
  const { aadObjectId: _, ...rest } = ada;
  expect(await find({ ...rest, objectId })).toMatchObject({ id: 'ada@example.com' });
});

test('the tenant may stand in the data of the channel', async () => {
  const from = { ...sender, conversation: { id: '19:room' }, channelData: { tenant: { id: tenant } } };
  expect(await find(ada, from)).toMatchObject({ id: 'ada@example.com' });
});

test.each<[string, TeamsMember, string]>([
  ['a guest', { ...ada, userRole: 'guest' }, 'Guests cannot'],
  ['a guest by name', { ...ada, userPrincipalName: 'ada_x.com#EXT#@example.com' }, 'Guests cannot'],
  ['a member of another tenant', { ...ada, tenantId: 'other' }, 'another organization'],
  ['somebody without an address', { id: '29:ada', aadObjectId: objectId, name: 'Ada' }, 'work e-mail'],
  ['somebody else than the sender', { ...ada, aadObjectId: 'somebody-else' }, 'somebody else'],
  [
    'somebody whom the roster gives no object id',
    { id: '29:ada', email: 'ada@example.com' },
    'somebody else',
  ],
])('%s is refused in words', async (_, member, why) => {
  await expect(find(member)).rejects.toThrow(why);
});

test.each<[string, Sender, string]>([
  ['a bot', { ...sender, from: { id: '28:other', aadObjectId: objectId } }, 'Bots cannot'],
  ['somebody whose role is bot', { ...sender, from: { ...sender.from, role: 'bot' } }, 'Bots cannot'],
  ['somebody anonymous', { ...sender, from: { id: '29:anonymous' } }, 'without an account'],
  ['nobody', { conversation: { id: '19:room', tenantId: tenant } }, 'without an account'],
  [
    'a sender of another tenant',
    { ...sender, conversation: { id: '19:r', tenantId: 'x' } },
    'another organization',
  ],
  ['a sender of no tenant', { from: { id: '29:ada', aadObjectId: objectId } }, 'another organization'],
])('%s is refused without asking Teams', async (_, from, why) => {
  const lookUp = vi.fn(async () => ada);
  await expect(finder(lookUp)(from)).rejects.toThrow(why);
  expect(lookUp).not.toHaveBeenCalled();
});

describe('asking Teams', () => {
  test('happens once for clicks that come together, and not again soon', async () => {
    const lookUp = vi.fn(async () => ada);
    const person = finder(lookUp);
    await Promise.all([person(sender), person(sender)]);
    await person({ ...sender, conversation: { id: '19:another-room', tenantId: tenant.toUpperCase() } });
    expect(lookUp).toHaveBeenCalledOnce();
  });

  test.each([
    ['is away', 'retryable', 'try again in a moment'],
    ['does not know them here', 'not_found', 'among the members'],
    ['does not let the bot look', 'permanent', 'Add the app here'],
  ] as const)('that %s is told, and not remembered', async (_, kind, why) => {
    const lookUp = vi.fn(async () => ada).mockRejectedValueOnce(new ChatError('looking somebody up', kind));
    const person = finder(lookUp);
    await expect(person(sender)).rejects.toThrow(why);
    expect(await person(sender)).toMatchObject({ id: 'ada@example.com' });
  });

  test('that takes too long is told, and what comes late is known to the next click', async () => {
    const { promise, resolve } = Promise.withResolvers<TeamsMember>();
    const lookUp = vi.fn(() => promise);
    const person = finder(lookUp, 20);
    await expect(person(sender)).rejects.toThrow('Nothing was done; try again in a moment');
    resolve(ada);
    expect(await person(sender)).toMatchObject({ id: 'ada@example.com' });
    expect(lookUp).toHaveBeenCalledOnce();
  });
});
