import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Section } from '../../cards/card.ts';
import type { LiveRun } from '../../cards/listed-run.ts';
import { runCard } from '../../cards/run-card.ts';
import { anyCard } from '../../cards/testing/any-card.ts';
import { approve, cardOf } from '../../cards/testing/card-of.ts';
import { sampleNotices } from '../../cards/testing/sample-notices.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { buttonData } from './action-data.ts';
import { type CardMessage, type RenderOptions, renderCard, renderMessage } from './card.ts';
import type { Action, AdaptiveCard, Execute, ShowCard } from './elements.ts';
import { jsonBytes, maxMessageBytes } from './limits.ts';
import { assertMessage } from './testing/assert-card.ts';
import { asPosted } from './testing/open-run.ts';

const links = { publicUrl: 'https://quarterdeck.example.com' };

const sample = (name: string): LiveRun => {
  const found = sampleRuns.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no sample ${name}`);
  return found.run;
};

const json = (value: unknown): string => JSON.stringify(value);
const titles = ({ actions = [] }: AdaptiveCard): readonly unknown[] => actions.map(({ title }) => title);
const contentOf = ({ attachments }: CardMessage): AdaptiveCard => {
  const [attachment] = attachments;
  if (attachment === undefined) throw new Error('the message has no card');
  return attachment.content;
};
const wait = { run: 'total-build-1', userIds: ['29:1ada'] } as const;

const shown = (drawn: AdaptiveCard, title: string): ShowCard => {
  const found = drawn.actions?.find((action) => action.title === title);
  if (found?.type !== 'Action.ShowCard') throw new Error(`${title} asks nothing`);
  return found;
};

/** Everything that is sent when something is pressed. */
const sent = (actions: readonly Action[] = []): readonly Execute[] =>
  actions.flatMap((action) => {
    if (action.type === 'Action.ShowCard') return sent(action.card.actions);
    return action.type === 'Action.Execute' ? [action] : [];
  });

describe('every kind of run', () => {
  const snapshot = async (name: string, drawn: object): Promise<void> =>
    expect(`${JSON.stringify(drawn, null, 2)}\n`).toMatchFileSnapshot(`../golden/${name}.json`);

  test.each(sampleRuns)(
    'The card of a run that is $name fits the limits and matches its golden file',
    async ({ name, run }) => {
      const drawn = renderMessage(runCard(run, links), asPosted(run));
      assertMessage(drawn);
      await snapshot(name, drawn);
    },
  );

  const waiting = sampleRuns.filter(({ run }) => run.view.status === 'awaiting_approval');

  test.each(waiting)(
    'The personal card of a run that is $name matches its golden file',
    async ({ name, run }) => {
      const drawn = renderMessage(runCard(run, links), { ...asPosted(run), viewer: 'personal' });
      assertMessage(drawn);
      await snapshot(`${name}.decider`, drawn);
    },
  );

  test.each(sampleNotices)(
    'The notice $name fits the limits and matches its golden file',
    async ({ name, draw }) => {
      const drawn = renderMessage(draw(links));
      assertMessage(drawn);
      await snapshot(name, drawn);
    },
  );

  test('No sample notifies a person, and no name becomes Markdown, a link or a date', () => {
    const cards = [
      ...sampleRuns.map(({ run }) => runCard(run, links)),
      ...sampleNotices.map(({ draw }) => draw(links)),
    ];
    for (const one of cards) {
      const drawn = renderMessage(one);
      expect(json(drawn)).not.toMatch(/"entities"|"mention"|"type":"(TextBlock|FactSet)"/);
      expect(contentOf(drawn).fallbackText).not.toMatch(/\]\(|<at>|\*x\*|_y_/);
      const addresses = json(drawn).match(/"url":"[^"]*"/g) ?? [];
      for (const address of addresses)
        expect(address).toMatch(/^"url":"https:\/\/quarterdeck\.example\.com\//);
    }
  });

  test('A name that looks like a date function is shown unchanged', () => {
    const text = '{{DATE(2026-01-01T00:00:00Z,SHORT)}} and {{ .Values }}';
    const drawn = json(renderCard(cardOf({ sections: [{ type: 'text', text }] })));
    expect(drawn).not.toContain('{{DATE(');
    expect(drawn).toContain('DATE(2026-01-01T00:00:00Z,SHORT)}} and {{ .Values }}');
  });

  test('A state is shown by text or an icon, not by color alone', () => {
    const failed = json(renderCard(runCard(sample('failed-tests'), links)));
    expect(failed).toContain('❌ Deploy web to production');
    expect(failed).toContain('❌ Run the tests · failed');
    expect(failed).toContain('Failed at “Run the tests”');
    expect(json(renderCard(runCard(sample('awaiting-dangerous'), links)))).toContain('🛑 To destroy');
  });

  test('A log keeps its indent and is shown in fixed width', () => {
    expect(json(renderCard(runCard(sample('failed-tests'), links)))).toContain(
      '{"type":"TextRun","text":"\u00a0\u00a0expected 404, received 500","fontType":"Monospace","size":"Small"}',
    );
  });
});

describe('approvers', () => {
  const drawn = (options: RenderOptions): AdaptiveCard =>
    renderCard(runCard(sample('awaiting-dangerous'), links), options);

  test('Only approvers see the decision buttons when their clients ask for personal views', () => {
    const shared = drawn({ viewer: 'everyone', refresh: wait });
    expect(titles(shared)).toEqual(['Cancel', 'Details', 'Refresh']);
    expect(json(shared)).toContain('Approvers see Approve and Deny here.');
    expect(shared.refresh).toMatchObject({
      action: { verb: 'refresh', data: { run: wait.run } },
      userIds: wait.userIds,
    });
    const personal = drawn({ viewer: 'personal', refresh: wait });
    expect(titles(personal)).toEqual(['Approve', 'Deny', 'Cancel', 'Details', 'Refresh']);
    expect(json(personal)).not.toContain('Approvers see');
  });

  test.each([[{ run: wait.run, userIds: [] }], [null]])(
    'Everyone sees the decision buttons without personal views (%j)',
    (refresh) => {
      expect(titles(drawn({ refresh })).slice(0, 2)).toEqual(['Approve', 'Deny']);
    },
  );

  test('Everyone sees a decision button without named approvers', () => {
    const open = renderCard(cardOf({ buttons: [approve] }), { refresh: wait });
    expect(titles(open)).toEqual(['Approve', 'Refresh']);
  });
});

describe('buttons', () => {
  const waiting = runCard(sample('awaiting-dangerous'), links);
  const { workflowId, approval } = sample('awaiting-dangerous').view;

  test('Approve asks for confirmation and sends the plan that the card shows', () => {
    const { card: question } = shown(renderCard(waiting), 'Approve');
    expect(json(question.body)).toContain('Apply this plan?');
    const data = { command: 'approve', args: workflowId, digest: approval?.digest };
    expect(question.actions).toEqual([
      {
        type: 'Action.Execute',
        title: 'Yes, approve',
        style: 'positive',
        associatedInputs: 'none',
        verb: 'command',
        data,
        fallback: {
          type: 'Action.Submit',
          title: 'Yes, approve',
          style: 'positive',
          associatedInputs: 'none',
          data: { verb: 'command', ...data },
        },
      },
    ]);
  });

  test('Deny cannot be sent without a reason', () => {
    const { card: question } = shown(renderCard(waiting), 'Deny');
    expect(question.body).toEqual([
      expect.objectContaining({
        type: 'Input.Text',
        id: 'reason-deny',
        isRequired: true,
        maxLength: 1000,
        label: 'Reason',
        errorMessage: 'Enter a reason.',
      }),
    ]);
    expect(question.actions[0]).not.toHaveProperty('associatedInputs');
    expect(question.actions[0]).toMatchObject({ data: { command: 'deny', needsReason: true } });
  });

  test('The data of buttons is readable from every client', () => {
    const all = sampleRuns.flatMap(({ run }) =>
      sent(renderCard(runCard(run, links), { ...asPosted(run), viewer: 'personal' }).actions),
    );
    expect(all.length).toBeGreaterThan(15);
    for (const { verb, data, fallback } of all) {
      expect(buttonData.parse({ verb, data })).toEqual({ verb, data });
      expect(fallback).toMatchObject({ type: 'Action.Submit', data: { verb, ...data } });
    }
  });

  test.each([
    ['an unknown verb', { verb: 'drop', data: {} }],
    ['no data', { verb: 'command' }],
    ['data of another shape', { verb: 'command', data: { command: 7, args: '' } }],
    ['endless arguments', { verb: 'command', data: { command: 'deny', args: 'x'.repeat(5000) } }],
    ['no run', { verb: 'refresh', data: { run: '' } }],
    ['no object', null],
  ])('Buttons that send %s are rejected', (_, value) => {
    expect(buttonData.safeParse(value).success).toBe(false);
  });

  test('Links that are not http addresses are not rendered', () => {
    const drawn = renderCard(
      cardOf({
        buttons: [{ kind: 'link', label: 'Details', url: 'javascript:alert(1)' }],
        fields: [{ label: 'Where', value: 'here', url: 'msteams://open' }],
      }),
    );
    expect(json(drawn)).not.toMatch(/javascript:|msteams:\/\//);
    expect(json(drawn)).toContain('here');
  });

  test('Only one button per command asks for a reason, because input IDs are unique', () => {
    const deny = { ...approve, command: 'deny', label: 'Deny', needsReason: true };
    const drawn = renderMessage(cardOf({ buttons: [deny, { ...deny, label: 'Deny too' }, approve] }));
    assertMessage(drawn);
    expect(titles(contentOf(drawn))).toEqual(['Deny', 'Approve']);
  });
});

describe('a card that is too large', () => {
  const list = (title: string, count: number, tone: 'bad' | 'neutral' = 'neutral', end = ''): Section => ({
    type: 'list',
    title,
    tone,
    lines: Array.from({ length: count }, (_, index) => `${title} ${index} ${end}`),
    more: null,
  });

  test('Destroys and buttons are never omitted', () => {
    const drawn = renderMessage(
      cardOf({ sections: [list('create', 5000), list('destroy', 20, 'bad')], buttons: [approve] }),
    );
    assertMessage(drawn);
    for (let index = 0; index < 20; index += 1) expect(json(drawn)).toContain(`destroy ${index} `);
    const created = json(drawn).match(/create \d/g)?.length ?? 0;
    expect(created).toBeGreaterThan(50);
    expect(json(drawn)).toContain(`${5000 - created} more lines omitted.`);
    expect(titles(contentOf(drawn))).toEqual(['Approve']);
  });

  test('A log is cut from the top, because its last lines name the error', () => {
    const lines = Array.from({ length: 900 }, (_, index) => `line ${index} of the log`);
    const drawn = renderMessage(cardOf({ sections: [{ type: 'log', title: 'Last lines', lines }] }));
    assertMessage(drawn);
    expect(json(drawn)).toContain('line 899 of the log');
    expect(json(drawn)).not.toContain('line 0 of the log');
    expect(json(drawn)).toMatch(/\d+ earlier lines omitted/);
  });

  test('Omitted sections are named', () => {
    const sections = [list('Destroys', 60, 'bad', 'x'.repeat(400)), list('Outputs', 1)];
    const drawn = renderMessage(cardOf({ sections }));
    assertMessage(drawn);
    expect(json(drawn)).toContain('Destroys 0');
    expect(json(drawn)).toMatch(/Omitted \(message too long\): Outputs \(1 line\)/);
  });

  test('The size is counted in UTF-16 and respects a smaller limit', () => {
    const drawn = (room?: number) =>
      jsonBytes(
        renderMessage(
          cardOf({ sections: [list('資源', 5000)] }),
          room === undefined ? {} : { maxBytes: room },
        ),
      );
    expect(drawn()).toBeLessThanOrEqual(maxMessageBytes);
    expect(drawn()).toBeGreaterThan(maxMessageBytes * 0.9);
    expect(drawn(maxMessageBytes / 2)).toBeLessThanOrEqual(maxMessageBytes / 2);
  });

  test('A card fits with the personal views of sixty people', () => {
    const userIds = Array.from({ length: 60 }, (_, index) => `29:${'m'.repeat(80)}${index}`);
    const drawn = renderMessage(runCard(sample('hostile'), links), { refresh: { run: wait.run, userIds } });
    assertMessage(drawn);
    expect(json(drawn)).toContain('To destroy');
  });
});

test('Teams accepts every generated card, shared and personal', () => {
  const options = fc.constantFrom<RenderOptions>(
    {},
    { refresh: wait },
    { viewer: 'personal', refresh: wait },
  );
  fc.assert(
    fc.property(anyCard, options, (any, how) => {
      assertMessage(renderMessage(any, how));
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

test('The notification names the state in one line', () => {
  const { summary } = renderMessage(runCard(sample('failed-tests'), links));
  expect(summary).toBe(
    '❌ Deploy web to production: Failed at “Run the tests”: running the tests of web: 2 of 42 failed',
  );
});
