import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Button, Card, Section } from '../../cards/card.ts';
import { runCard } from '../../cards/run-card.ts';
import { sampleRuns } from '../../cards/samples.ts';
import { assertBlocks } from '../testing/assert-blocks.ts';
import { renderBlocks } from './blocks.ts';
import { homeView } from './home-view.ts';

const links = { publicUrl: 'https://quarterdeck.example.com' };

const card = (over: Partial<Card> = {}): Card => ({
  title: 'Deploy web to production',
  tone: 'attention',
  summary: 'Deploy web to production: waiting for approval',
  fields: [],
  sections: [],
  buttons: [],
  footer: null,
  ...over,
});

const approve: Button = {
  kind: 'command',
  label: 'Approve',
  tone: 'good',
  command: 'approve',
  args: 'total-build-1',
  digest: 'd'.repeat(64),
};

const text = (value: unknown): string => JSON.stringify(value);

describe('every kind of run', () => {
  test.each(sampleRuns)('Slack draws $name inside its limits and as before', async ({ name, run }) => {
    const drawn = renderBlocks(runCard(run, links));
    assertBlocks(drawn.blocks);
    await expect(`${JSON.stringify(drawn, null, 2)}\n`).toMatchFileSnapshot(`../golden/${name}.json`);
  });

  test('no sample can ping a channel or a person', () => {
    for (const { run } of sampleRuns) {
      const drawn = renderBlocks(runCard(run, links));
      expect(drawn.text).not.toMatch(/<[!@#]/);
      expect(text(drawn.blocks)).not.toContain('"mrkdwn"');
      expect(text(drawn.blocks)).not.toMatch(/"type":"(broadcast|user|usergroup|channel)"/);
    }
  });
});

describe('what does not fit', () => {
  const destroys: Section = {
    type: 'list',
    title: 'Destroys',
    tone: 'bad',
    lines: Array.from({ length: 20 }, (_, index) => `destroy aws_instance.gone[${index}]`),
    more: null,
  };
  const creates: Section = {
    type: 'list',
    title: 'Creates',
    lines: Array.from({ length: 5000 }, (_, index) => `create aws_instance.new[${index}]`),
    more: null,
  };

  test('destroys are shown whole although thousands of creates come before them', () => {
    const drawn = renderBlocks(card({ sections: [creates, destroys], buttons: [approve] }));
    assertBlocks(drawn.blocks);
    for (const line of destroys.lines) expect(text(drawn.blocks)).toContain(line);
  });

  test('a list that is cut says how many lines are not shown', () => {
    const drawn = renderBlocks(card({ sections: [creates] }));
    const shown = text(drawn.blocks).match(/create aws_instance/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text(drawn.blocks)).toContain(`${5000 - shown} more lines not shown here.`);
  });

  test('a log is cut from the top, for its last lines say what went wrong', () => {
    const lines = Array.from({ length: 900 }, (_, index) => `line ${index} of the log`);
    const drawn = renderBlocks(card({ sections: [{ type: 'log', title: 'Last lines', lines }] }));
    assertBlocks(drawn.blocks);
    expect(text(drawn.blocks)).toContain('line 899 of the log');
    expect(text(drawn.blocks)).not.toContain('line 0 of the log');
    expect(text(drawn.blocks)).toMatch(/\d+ earlier lines not shown here/);
  });

  test('sections that find no room at all are named', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(400)}`);
    const sections: Section[] = [
      { type: 'list', title: 'Destroys', tone: 'bad', lines, more: null },
      { type: 'list', title: 'Outputs', lines: ['endpoint = here'], more: null },
    ];
    const drawn = renderBlocks(card({ sections }));
    assertBlocks(drawn.blocks);
    expect(text(drawn.blocks)).toContain('Destroys');
    expect(text(drawn.blocks)).toMatch(/Outputs/);
  });

  test('buttons stay although everything else is too long', () => {
    const drawn = renderBlocks(card({ sections: [creates, creates, creates], buttons: [approve] }));
    expect(drawn.blocks.some(({ type }) => type === 'actions')).toBe(true);
  });
});

describe('many long lines', () => {
  const danger = (title: string, tone: 'bad' | 'attention', count: number, sign: string): Section => ({
    type: 'list',
    title,
    tone,
    lines: Array.from({ length: count }, (_, index) => `${title} ${index} ${sign.repeat(500)} end ${index}`),
    more: null,
  });
  const drawn = (sign: string) =>
    renderBlocks(
      card({
        sections: [
          danger('To destroy', 'bad', 25, sign),
          danger('To replace', 'bad', 25, sign),
          danger('Widens access', 'attention', 25, sign),
          danger('Failed checks', 'attention', 10, sign),
        ],
        buttons: [approve],
      }),
    );

  test.each(['x', '資'])('of %s in one dangerous list leave every other one its first lines', (sign) => {
    assertBlocks(drawn(sign).blocks);
    for (const title of ['To destroy', 'To replace', 'Widens access', 'Failed checks'])
      for (const line of [0, 1])
        expect(text(drawn(sign).blocks)).toMatch(new RegExp(`${title} ${line} .*end ${line}"`));
  });

  test('are cut in the middle only when they do not fit', () => {
    const short = renderBlocks(card({ sections: [danger('To destroy', 'bad', 3, 'x')] }));
    expect(text(short.blocks)).toContain('x'.repeat(200));
    expect(text(drawn('x').blocks)).not.toContain('x'.repeat(200));
  });
});

describe('buttons', () => {
  test('a button carries its words, its plan and its question', () => {
    const drawn = renderBlocks(
      card({ buttons: [{ ...approve, confirm: { title: 'Apply this plan?', text: 'web in production' } }] }),
    );
    const [block] = drawn.blocks.filter(({ type }) => type === 'actions');
    expect(block).toMatchObject({
      elements: [
        {
          style: 'primary',
          action_id: 'command:approve:0',
          value: JSON.stringify({ args: 'total-build-1', digest: 'd'.repeat(64) }),
          confirm: { title: { text: 'Apply this plan?' }, confirm: { text: 'Approve' } },
        },
      ],
    });
  });

  test('another plan gives the block of buttons another name', () => {
    const nameFor = (digest: string) =>
      renderBlocks(card({ buttons: [{ ...approve, digest }] })).blocks.find(({ type }) => type === 'actions')
        ?.block_id;
    expect(nameFor('a')).not.toBe(nameFor('b'));
    expect(nameFor('a')).toBe(nameFor('a'));
  });

  test('a link that is none of the web is not drawn', () => {
    const drawn = renderBlocks(
      card({
        buttons: [{ kind: 'link', label: 'Details', url: 'javascript:alert(1)' }],
        fields: [{ label: 'Where', value: 'here', url: 'slack://open' }],
      }),
    );
    expect(text(drawn.blocks)).not.toMatch(/javascript:|slack:\/\//);
  });
});

test('the text beside the blocks is short, says the state in words, and forms no markup', () => {
  const drawn = renderBlocks(card({ title: 'x', summary: `<!channel> @here *b* ${'&'.repeat(5000)}` }));
  expect(drawn.text.length).toBeLessThanOrEqual(3000);
  expect(drawn.text).toContain('&lt;!channel&gt;');
  expect(drawn.text).not.toMatch(/@here|[<>]/);
});

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 4000 }),
  fc.constantFrom(
    '',
    ' ',
    '<!channel>',
    '<@U1>',
    '\u202egnp.exe',
    '```',
    '\ud800',
    '资源🚀'.repeat(900),
    'a\nb\n\nc',
  ),
);
const lines = fc.array(words, { maxLength: 60 });
const section: fc.Arbitrary<Section> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: words, strong: fc.boolean() }),
  fc.record({
    type: fc.constant('list' as const),
    title: words,
    tone: fc.constantFrom('bad', 'attention', 'neutral'),
    lines,
    more: fc.option(words),
  }),
  fc.record({ type: fc.constant('log' as const), title: words, lines }),
  fc.record({
    type: fc.constant('stages' as const),
    stages: fc.array(
      fc.record({
        label: words,
        state: fc.constantFrom('pending', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'),
        detail: fc.option(words),
      }),
      { maxLength: 15 },
    ),
  }),
);
const button: fc.Arbitrary<Button> = fc.oneof(
  fc.record({
    kind: fc.constant('command' as const),
    label: words,
    tone: fc.constantFrom('good', 'bad', 'neutral'),
    command: fc.constantFrom('approve', 'deny'),
    args: words,
    confirm: fc.record({ title: words, text: words }),
  }),
  fc.record({ kind: fc.constant('link' as const), label: words, url: fc.oneof(words, fc.webUrl()) }),
);
const anyCard: fc.Arbitrary<Card> = fc.record({
  title: words,
  tone: fc.constantFrom('neutral', 'progress', 'attention', 'good', 'bad'),
  summary: words,
  fields: fc.array(fc.record({ label: words, value: words }), { maxLength: 20 }),
  sections: fc.array(section, { maxLength: 60 }),
  buttons: fc.array(button, { maxLength: 30 }),
  footer: fc.option(words),
});

test('whatever a card holds, Slack takes it, as a message and on a Home page', () => {
  fc.assert(
    fc.property(anyCard, (any) => {
      const drawn = renderBlocks(any);
      assertBlocks(drawn.blocks);
      expect(drawn.text.length).toBeGreaterThan(0);
      expect(drawn.text.length).toBeLessThanOrEqual(3000);
      expect(drawn.text).not.toMatch(/<[!@#]/);
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

test('a Home page with many questions stays inside its limits and says how many more there are', () => {
  const waiting = Array.from({ length: 4 }, () => sampleRuns.map(({ run }) => run)).flat();
  const view = homeView({ waiting, mine: waiting, publicUrl: null });
  expect(view.blocks.length).toBeLessThanOrEqual(100);
  expect(text(view)).toMatch(/And \d+ more/);
});

test('an empty Home page says what to do', () => {
  const view = homeView({ waiting: [], mine: [], publicUrl: null });
  assertBlocks(view.blocks as Parameters<typeof assertBlocks>[0], 'view');
  expect(text(view)).toContain('Nothing waits for you.');
  expect(text(view)).toContain('/deploy');
});
