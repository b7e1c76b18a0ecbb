/** A person as Teams knows them. */
export interface FakePerson {
  readonly id: string;
  readonly aadObjectId: string;
  readonly name: string;
  /** '' when the account has none. */
  readonly email: string;
  readonly role: 'user' | 'guest';
}

const person = (number: number, name: string, over: Partial<FakePerson> = {}): FakePerson => {
  const [first = ''] = name.split(' ');
  return {
    id: `29:1${first.toLowerCase()}-${'x'.repeat(40)}`,
    aadObjectId: `00000000-0000-4000-8000-00000000000${number}`,
    name,
    email: `${first.toLowerCase()}@example.com`,
    role: 'user',
    ...over,
  };
};

export const fakePeople = {
  ada: person(1, 'Ada Lovelace'),
  grace: person(2, 'Grace Hopper'),
  /** Approves nothing. */
  linus: person(3, 'Linus Torvalds'),
  guest: person(4, 'Gus Guest', { role: 'guest' }),
  nomail: person(5, 'Nomail', { email: '' }),
} as const;

export type FakePeople = typeof fakePeople;

/** As the Bot Connector lists a member of a conversation. */
export const asMember = ({ id, aadObjectId, name, email, role }: FakePerson, tenantId: string) => ({
  id,
  aadObjectId,
  objectId: aadObjectId,
  name,
  givenName: name.split(' ')[0],
  surname: name.split(' ')[1],
  ...(email === ''
    ? {}
    : {
        email,
        userPrincipalName:
          role === 'guest' ? `${email.replace('@', '_')}#EXT#@example.onmicrosoft.com` : email,
      }),
  tenantId,
  userRole: role,
});
