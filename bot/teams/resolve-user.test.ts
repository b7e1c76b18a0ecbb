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

test('A member is identified by their work email in lowercase', async () => {
  expect(await find(ada)).toEqual({ id: 'ada@example.com', name: 'Ada Lovelace' });
});

test('A member without an email is identified by their user principal name', async () => {
  const { email: _, ...rest } = ada;
  expect(await find(rest)).toMatchObject({ id: 'al@example.com' });
});

test('The object ID may be named objectId in the roster', async () => {
  const { aadObjectId: _, ...rest } = ada;
  expect(await find({ ...rest, objectId })).toMatchObject({ id: 'ada@example.com' });
});

test('The tenant may be in the channel data', async () => {
  const from = { ...sender, conversation: { id: '19:room' }, channelData: { tenant: { id: tenant } } };
  expect(await find(ada, from)).toMatchObject({ id: 'ada@example.com' });
});

test.each<[string, TeamsMember, string]>([
  ['A guest', { ...ada, userRole: 'guest' }, "Guests can't"],
  ['A guest by name', { ...ada, userPrincipalName: 'ada_x.com#EXT#@example.com' }, "Guests can't"],
  ['A member of another tenant', { ...ada, tenantId: 'other' }, 'another organization'],
  ['A member without an email', { id: '29:ada', aadObjectId: objectId, name: 'Ada' }, 'your work email'],
  ['A member with another object ID', { ...ada, aadObjectId: 'another' }, 'a different user'],
  ['A member without an object ID', { id: '29:ada', email: 'ada@example.com' }, 'a different user'],
])('%s is refused with the reason', async (_, member, why) => {
  await expect(find(member)).rejects.toThrow(why);
});

test.each<[string, Sender, string]>([
  ['A bot', { ...sender, from: { id: '28:other', aadObjectId: objectId } }, "Bots can't"],
  ['A sender with the role bot', { ...sender, from: { ...sender.from, role: 'bot' } }, "Bots can't"],
  ['An anonymous sender', { ...sender, from: { id: '29:anonymous' } }, 'without an account'],
  [
    'An activity without a sender',
    { conversation: { id: '19:room', tenantId: tenant } },
    'without an account',
  ],
  [
    'A sender of another tenant',
    { ...sender, conversation: { id: '19:r', tenantId: 'x' } },
    'another organization',
  ],
  ['A sender without a tenant', { from: { id: '29:ada', aadObjectId: objectId } }, 'another organization'],
])('%s is refused without asking Teams', async (_, from, why) => {
  const lookUp = vi.fn(async () => ada);
  await expect(finder(lookUp)(from)).rejects.toThrow(why);
  expect(lookUp).not.toHaveBeenCalled();
});

describe('the look-up', () => {
  test('Simultaneous clicks share one look-up, which is cached', async () => {
    const lookUp = vi.fn(async () => ada);
    const person = finder(lookUp);
    await Promise.all([person(sender), person(sender)]);
    await person({ ...sender, conversation: { id: '19:another-room', tenantId: tenant.toUpperCase() } });
    expect(lookUp).toHaveBeenCalledOnce();
  });

  test.each([
    ['is retryable', 'retryable', { hint: 'Try again shortly.' }],
    ['finds no member', 'not_found', { message: expect.stringContaining("aren't a member") }],
    ['is forbidden', 'permanent', { hint: 'Add the app here and retry.' }],
  ] as const)('A look-up that %s is reported and not cached', async (_, kind, why) => {
    const lookUp = vi.fn(async () => ada).mockRejectedValueOnce(new ChatError('looking a user up', kind));
    const person = finder(lookUp);
    await expect(person(sender)).rejects.toMatchObject(why);
    expect(await person(sender)).toMatchObject({ id: 'ada@example.com' });
  });

  test('A slow look-up is reported, and its late answer serves the next click', async () => {
    const { promise, resolve } = Promise.withResolvers<TeamsMember>();
    const lookUp = vi.fn(() => promise);
    const person = finder(lookUp, 20);
    await expect(person(sender)).rejects.toThrow('Nothing was done.');
    resolve(ada);
    expect(await person(sender)).toMatchObject({ id: 'ada@example.com' });
    expect(lookUp).toHaveBeenCalledOnce();
  });
});
