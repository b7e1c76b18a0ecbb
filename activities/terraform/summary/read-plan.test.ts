import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlanObject, readSummary, resource, update } from '../testing/plan-fixture.ts';

const readAttributes = async (...resources: readonly object[]) =>
  (await readSummary(...resources)).changes[0]?.attributes;

describe('A change', () => {
  const risky = (name: string, before: string, after: string) => ({
    name,
    values: { before, after },
    risky: true,
  });

  test.each([
    ['deletion_protection', true, false, 'true', 'false'],
    ['disable_api_termination', true, null, 'true', 'none'],
    ['skip_final_snapshot', false, true, 'false', 'true'],
    ['publicly_accessible', false, true, 'false', 'true'],
    ['block_public_acls', true, false, 'true', 'false'],
    ['storage_encrypted', true, false, 'true', 'false'],
    ['backup_retention_period', 30, 0, '30', '0'],
    ['desired_count', 3, 0, '3', '0'],
    ['acl', 'private', 'public-read', 'private', 'public-read'],
    ['enable_key_rotation', true, false, 'true', 'false'],
    ['force_destroy', false, true, 'false', 'true'],
    ['account_access', 'read', 'admin', 'read', 'admin'],
  ])('of %s from %s to %s is risky and shows both values', async (name, before, after, left, right) => {
    expect(await readAttributes(update('aws_x.y', { [name]: before }, { [name]: after }))).toEqual([
      risky(name, left, right),
    ]);
  });

  test.each([
    ['deletion_protection', false, true],
    ['backup_retention_period', 7, 30],
    ['desired_count', 0, 3],
    ['block_public_acls', false, true],
    ['acl', 'public-read', 'private'],
    ['skip_final_snapshot', true, false],
  ])('of %s from %s to %s is not risky', async (name, before, after) => {
    expect(await readAttributes(update('aws_x.y', { [name]: before }, { [name]: after }))).toMatchObject([
      { name, risky: false },
    ]);
  });

  test('that opens a rule to the internet shows its networks, and not the other rules', async () => {
    const rule = (cidr_blocks: string[], description: string) => ({
      cidr_blocks,
      description,
      from_port: 22,
    });
    const before = { ingress: [rule(['10.0.0.0/8'], 'office'), rule(['10.1.0.0/16'], 'vpn')] };
    const after = { ingress: [rule(['10.1.0.0/16'], 'vpn'), rule(['0.0.0.0/0'], 'office')] };
    expect(await readAttributes(update('aws_security_group.web', before, after))).toEqual([
      risky('ingress.1.cidr_blocks', '10.0.0.0/8', '0.0.0.0/0'),
    ]);
  });

  test('that adds a rule open to the internet also shows its port', async () => {
    const rule = {
      cidr_blocks: [],
      ipv6_cidr_blocks: ['::/0'],
      description: 'tmp',
      from_port: 22,
      self: false,
    };
    expect(
      await readAttributes(update('aws_security_group.web', { ingress: [] }, { ingress: [rule] })),
    ).toEqual([
      risky('ingress.0.ipv6_cidr_blocks', 'none', '::/0'),
      { name: 'ingress.0.description', values: null, risky: false },
      { name: 'ingress.0.from_port', values: { before: 'none', after: '22' }, risky: false },
    ]);
  });

  test('that creates a security group open to the internet is listed before other new resources', async () => {
    const open = {
      ingress: [{ cidr_blocks: ['0.0.0.0/0'], from_port: 443 }],
      egress: [{ cidr_blocks: ['0.0.0.0/0'] }],
    };
    const { changes } = await readSummary(
      resource('aws_instance.a', ['create'], { after: { instance_type: 't3.micro' } }),
      resource('aws_security_group.z', ['create'], { after: open }),
    );
    expect(changes).toMatchObject([
      {
        address: 'aws_security_group.z',
        attributes: [
          risky('ingress.0.cidr_blocks', 'none', '0.0.0.0/0'),
          { name: 'ingress.0.from_port', values: { before: 'none', after: '443' }, risky: false },
        ],
      },
      { address: 'aws_instance.a', attributes: [] },
    ]);
  });

  test('that removes encryption or versioning is risky', async () => {
    const before = {
      versioning: [{ enabled: true }],
      server_side_encryption_configuration: [{ rule: [{ sse: 'AES256' }] }],
    };
    const after = { versioning: [{ enabled: false }], server_side_encryption_configuration: [] };
    expect(await readAttributes(update('aws_s3_bucket.b', before, after))).toEqual([
      risky('versioning.0.enabled', 'true', 'false'),
      risky('server_side_encryption_configuration.0.rule.0.sse', 'AES256', 'none'),
    ]);
  });
});

describe('An IAM policy', () => {
  const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const read = {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::reports/*',
    Sid: 'very-private-name',
  };

  test('that became wider shows its new wildcards, and quotes nothing else', async () => {
    const wide = { ...read, Action: '*', Resource: ['*'] };
    const attributes = await readAttributes(
      update('aws_iam_policy.p', { policy: policy(read) }, { policy: policy(wide) }),
    );
    expect(attributes).toEqual([
      {
        name: 'policy',
        values: { before: 'narrower', after: 'allows * as Action, * as Resource' },
        risky: true,
      },
    ]);
    expect(JSON.stringify(attributes)).not.toContain('very-private-name');
  });

  test('that trusts every principal is risky, even if it is new', async () => {
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } };
    expect(
      await readAttributes(
        resource('aws_iam_role.r', ['create'], { after: { assume_role_policy: policy(trust) } }),
      ),
    ).toEqual([
      { name: 'assume_role_policy', values: { before: 'none', after: 'allows * as Principal' }, risky: true },
    ]);
  });

  test('that allows a whole service, allows all but a list, or denies less is risky', async () => {
    const deny = { ...read, Effect: 'Deny' };
    const after = policy(
      { ...read, Action: 'iam:*' },
      { Effect: 'Allow', NotAction: 'iam:*', Resource: 'x' },
    );
    expect(
      await readAttributes(update('aws_iam_policy.p', { policy: policy(read, deny) }, { policy: after })),
    ).toEqual([
      {
        name: 'policy',
        values: { before: 'narrower', after: 'allows iam:* as Action, a NotAction; 1 Deny statement fewer' },
        risky: true,
      },
    ]);
  });

  test('of Google that binds all users is risky', async () => {
    const bind = (member: string) =>
      JSON.stringify({ bindings: [{ role: 'roles/viewer', members: [member] }] });
    expect(
      await readAttributes(
        update('google_x.y', { policy_data: bind('user:a') }, { policy_data: bind('allUsers') }),
      ),
    ).toMatchObject([{ values: { before: 'narrower', after: 'allows allUsers as Principal' }, risky: true }]);
  });

  test('that AWS manages is named, and the one for administrators is risky, even for a new role', async () => {
    const policy_arn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    expect(
      await readAttributes(
        resource('aws_iam_role_policy_attachment.x', ['create'], { after: { policy_arn } }),
      ),
    ).toEqual([{ name: 'policy_arn', values: { before: 'none', after: policy_arn }, risky: true }]);
  });

  test('that is not wider than before shows only its name', async () => {
    const other = { ...read, Sid: 'renamed' };
    expect(
      await readAttributes(update('aws_iam_policy.p', { policy: policy(read) }, { policy: policy(other) })),
    ).toEqual([{ name: 'policy', values: null, risky: false }]);
  });
});

describe('The values of attributes', () => {
  test('are not shown when they are free text or their name suggests a secret', async () => {
    const before = {
      description: 'one',
      api_key: 12345,
      user_data: 'aGVsbG8=',
      pin: 1234,
      tags: { owner: 'ada' },
    };
    const after = {
      description: 'two',
      api_key: 54321,
      user_data: 'd29ybGQ=',
      pin: 4321,
      tags: { owner: 'bob' },
    };
    const attributes = await readAttributes(update('aws_x.y', before, after));
    expect(attributes?.map(({ name, values }) => [name, values])).toEqual([
      ['description', null],
      ['api_key', null],
      ['user_data', null],
      ['pin', null],
      ['tags.owner', null],
    ]);
  });

  test('are not shown when Terraform marks them as sensitive, but their risk is', async () => {
    const attributes = await readAttributes(
      update(
        'aws_x.y',
        { deletion_protection: true, n: 1 },
        { deletion_protection: false, n: 2 },
        {
          after_sensitive: { deletion_protection: true, n: true },
        },
      ),
    );
    expect(attributes).toEqual([
      { name: 'deletion_protection', values: null, risky: true },
      { name: 'n', values: null, risky: false },
    ]);
  });

  test('are shown when they describe the kind of a resource', async () => {
    const attributes = await readAttributes(
      update(
        'aws_db_instance.main',
        { instance_class: 'db.t3.micro', engine_version: '15.4', image: 'web:aaa', arn: 'arn:aws:x' },
        { instance_class: 'db.r6g.4xlarge', engine_version: '16.1', image: 'web:bbb' },
        { after_unknown: { arn: true } },
      ),
    );
    expect(attributes).toEqual([
      { name: 'instance_class', values: { before: 'db.t3.micro', after: 'db.r6g.4xlarge' }, risky: false },
      { name: 'engine_version', values: { before: '15.4', after: '16.1' }, risky: false },
      { name: 'image', values: { before: 'web:aaa', after: 'web:bbb' }, risky: false },
      { name: 'arn', values: null, risky: false },
    ]);
  });
});

describe('A summary', () => {
  const many = (count: number, type: string, actions: readonly string[]) =>
    Array.from({ length: count }, (_, n) =>
      resource(`module.${'deep'.repeat(60)}.${type}.thing["${n}"]`, actions, {
        before: actions.includes('delete') ? { n } : null,
        after: actions.includes('create') ? { n } : null,
      }),
    );

  test('lists destroys before creates, and counts the changes that it omits', async () => {
    const summary = await readSummary(
      ...many(3000, 'aws_instance', ['create']),
      ...many(3, 'aws_route53_record', ['delete']),
    );
    expect(summary.counts).toMatchObject({ add: 3000, destroy: 3 });
    expect(summary.changes.slice(0, 3).map(({ action }) => action)).toEqual([
      'destroy',
      'destroy',
      'destroy',
    ]);
    expect(summary.omitted).toEqual({ create: 3003 - summary.changes.length });
    expect(summary.changes.every(({ address }) => address.length <= 200)).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(summary))).toBeLessThanOrEqual(12_000);
  });

  test('shows a database and a risky change even among many destroys', async () => {
    const summary = await readSummary(
      ...many(200, 'aws_route', ['delete']),
      update('aws_security_group.web', { cidr_blocks: ['10.0.0.0/8'] }, { cidr_blocks: ['0.0.0.0/0'] }),
      resource('aws_db_instance.main', ['delete'], {
        before: { skip_final_snapshot: true },
        action_reason: 'delete_because_each_key',
      }),
    );
    expect(summary.changes[0]).toMatchObject({
      address: 'aws_db_instance.main',
      note: 'its key is no longer in for_each; no final snapshot is kept',
    });
    expect(summary.changes.at(-1)).toMatchObject({ address: 'aws_security_group.web' });
    expect(summary.omitted.destroy).toBe(202 - summary.changes.length);
  });

  test('is ordered: destroy, replace, forget, risky, other, import, move, create', async () => {
    const state = { before: { a: 1 }, after: { a: 1 } };
    const { changes } = await readSummary(
      resource('aws_a.create', ['create'], { after: {} }),
      resource('aws_a.move', ['no-op'], { ...state, previous_address: 'aws_a.old' }),
      resource('aws_a.import', ['no-op'], { ...state, importing: { id: 'i-1' } }),
      update('aws_a.change', { a: 1 }, { a: 2 }),
      update('aws_a.risky', { deletion_protection: true }, { deletion_protection: false }),
      resource('aws_a.forget', ['forget'], { before: {} }),
      resource('aws_a.replace', ['create', 'delete'], {
        before: { a: 1 },
        after: { a: 2 },
        replace_paths: [['a'], ['b', 0, 'c']],
      }),
      resource('aws_a.destroy', ['delete'], { before: {} }),
      resource('aws_a.same', ['no-op'], state),
      resource('data.aws_a.read', ['read'], { after: {} }),
    );
    expect(changes.map(({ address }) => address.slice(6))).toEqual([
      'destroy',
      'replace',
      'forget',
      'risky',
      'change',
      'import',
      'move',
      'create',
    ]);
    expect(changes[1]?.forcedBy).toEqual(['a', 'b.0.c']);
  });

  test('lists the risky attributes of a large change, and counts the others', async () => {
    const values = (n: number) => Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`a${at}`, n]));
    const { changes } = await readSummary(
      update(
        'aws_x.y',
        { ...values(1), z_publicly_accessible: false },
        { ...values(2), z_publicly_accessible: true },
      ),
    );
    expect(changes[0]?.attributes).toHaveLength(12);
    expect(changes[0]?.attributes[0]).toMatchObject({ name: 'z_publicly_accessible', risky: true });
    expect(changes[0]?.note).toBe('49 more attributes');
  });

  test('shows an unknown action by its name', async () => {
    const { changes } = await readSummary(resource('aws_x.y', ['ascend'], { before: {}, after: {} }));
    expect(changes).toMatchObject([{ action: 'change', note: 'unknown action "ascend"' }]);
  });
});

describe('A change outside Terraform', () => {
  const change = update('aws_x.y', { size: 2, tags: {} }, { size: 1, tags: {} });
  const summary = async (...resource_drift: readonly object[]) =>
    (await readPlanObject({ resource_drift, resource_changes: [change] })).summary.drift;

  test('is listed when the plan would revert it', async () => {
    expect(await summary(update('aws_x.y', { size: 1 }, { size: 2 }))).toEqual(['aws_x.y (size)']);
  });

  test('is listed when the plan creates a deleted resource again', async () => {
    expect(await summary(resource('aws_x.y', ['delete'], { before: { size: 1 } }))).toEqual([
      'aws_x.y (deleted)',
    ]);
  });

  test('is not listed when the provider only normalized a value, or the plan does not change it', async () => {
    expect(await summary(update('aws_x.y', { tags: null }, { tags: {} }))).toEqual([]);
    expect(
      await summary(update('aws_x.y', { latest_restorable_time: 'a' }, { latest_restorable_time: 'b' })),
    ).toEqual([]);
    expect(await summary(update('aws_x.other', { size: 1 }, { size: 2 }))).toEqual([]);
  });
});

describe('A document that is not a complete plan', () => {
  test('is refused and not read as a plan without changes', async () => {
    await expect(readPlanObject({ format_version: undefined })).rejects.toThrow('this is not a plan');
  });

  test('is reported as errored when Terraform marked it so', async () => {
    expect((await readPlanObject({ errored: true })).errored).toBe(true);
  });
});

describe('Secrets', () => {
  const secret = fc.string({ minLength: 5, unit: 'grapheme' }).map((text) => `§${text.trim()}-secret`);
  const around = fc.constantFrom('', 'a', ' x', 'postgres://u:');

  test('that Terraform marks as sensitive are nowhere in the summary', () => {
    const plan = fc
      .record({ secret, around, other: fc.jsonValue() })
      .map(({ secret: hidden, around: prefix, other }) => ({
        hidden,
        json: {
          variables: { given: { value: hidden } },
          configuration: { root_module: { variables: { given: { sensitive: true } } } },
          prior_state: {
            values: {
              root_module: {
                child_modules: [
                  { resources: [{ values: { deep: [hidden] }, sensitive_values: { deep: [true] } }] },
                ],
              },
            },
          },
          resource_changes: [
            update(
              `aws_x.y[${JSON.stringify(prefix + hidden)}]`,
              { password: 'old', tags: { [hidden]: 1 }, leak: hidden, list: [hidden], image: 'web:1', other },
              {
                password: hidden,
                tags: { [hidden]: 2 },
                leak: prefix + hidden,
                list: ['0.0.0.0/0'],
                image: hidden,
                other: 1,
              },
              { after_sensitive: { password: true }, previous_address: `aws_x.z[${JSON.stringify(hidden)}]` },
            ),
            resource('aws_x.imported', ['no-op'], { before: {}, after: {}, importing: { id: hidden } }),
            resource('aws_x.replaced', ['delete', 'create'], {
              before: { a: hidden },
              after: { a: 'x' },
              replace_paths: [['tags', hidden]],
            }),
          ],
          output_changes: {
            out: {
              actions: ['create'],
              before: null,
              after: hidden,
              before_sensitive: false,
              after_sensitive: true,
            },
          },
          checks: [{ address: { to_display: `check.c[${JSON.stringify(hidden)}]` }, status: 'fail' }],
        },
      }));
    return fc.assert(
      fc.asyncProperty(plan, async ({ hidden, json }) => {
        const { summary, redact } = await readPlanObject(json);
        const strings: string[] = [];
        JSON.stringify(summary, (key, value) => {
          strings.push(key, String(value));
          return value;
        });
        expect(strings.join('\n')).not.toContain(hidden);
        const text = `  + password = "${JSON.stringify(hidden).slice(1, -1)}" -> ${hidden}x${hidden}`;
        const clean = redact(text);
        expect(clean).not.toContain(hidden);
        expect(clean).not.toContain(JSON.stringify(hidden).slice(1, -1));
      }),
    );
  });

  test('of several lines, and those that are JSON, are redacted in their parts', async () => {
    const key = '-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----';
    const login = JSON.stringify({ user: 'admin', password: 'hunter2hunter2' });
    const { redact } = await readPlanObject({
      resource_changes: [
        resource('aws_x.y', ['create'], {
          after: { key, login },
          after_sensitive: { key: true, login: true },
        }),
      ],
    });
    expect(redact('        abcdefgh')).toBe('        ***');
    expect(redact('  password = "hunter2hunter2"')).toBe('  password = "***"');
  });
});
