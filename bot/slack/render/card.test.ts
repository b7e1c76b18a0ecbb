import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Section } from '../../cards/card.ts';
import { runCard } from '../../cards/run-card.ts';
import { anyCard } from '../../cards/testing/any-card.ts';
import { approve, cardOf } from '../../cards/testing/card-of.ts';
import { sampleNotices } from '../../cards/testing/sample-notices.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { renderHome } from '../home-page.ts';
import { assertBlocks } from '../testing/assert-blocks.ts';
import { renderCard } from './card.ts';

const links = { publicUrl: 'https://quarterdeck.example.com' };

const text = (value: unknown): string => JSON.stringify(value);

describe('every kind of run', () => {
  test.each(sampleRuns)(
    'The card of a run that is $name fits the limits and matches its golden file',
    async ({ name, run }) => {
      const drawn = renderCard(runCard(run, links));
      assertBlocks(drawn.blocks);
      await expect(`${JSON.stringify(drawn, null, 2)}\n`).toMatchFileSnapshot(`../golden/${name}.json`);
    },
  );

  test.each(sampleNotices)(
    'The notice $name fits the limits and matches its golden file',
    async ({ name, draw }) => {
      const drawn = renderCard(draw(links));
      assertBlocks(drawn.blocks);
      await expect(`${JSON.stringify(drawn, null, 2)}\n`).toMatchFileSnapshot(`../golden/${name}.json`);
    },
  );

  test('No sample can notify a channel or a person', () => {
    const cards = [
      ...sampleRuns.map(({ run }) => runCard(run, links)),
      ...sampleNotices.map(({ draw }) => draw(links)),
    ];
    for (const one of cards) {
      const drawn = renderCard(one);
      expect(drawn.text).not.toMatch(/<[!@#]/);
      expect(text(drawn.blocks)).not.toContain('"mrkdwn"');
      expect(text(drawn.blocks)).not.toMatch(/"type":"(broadcast|user|usergroup|channel)"/);
    }
  });
});

describe('a card that is too large', () => {
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

  test('All destroys are shown although thousands of creates come before them', () => {
    const drawn = renderCard(cardOf({ sections: [creates, destroys], buttons: [approve] }));
    assertBlocks(drawn.blocks);
    for (const line of destroys.lines) expect(text(drawn.blocks)).toContain(line);
  });

  test('A shortened list says how many lines are not shown', () => {
    const drawn = renderCard(cardOf({ sections: [creates] }));
    const shown = text(drawn.blocks).match(/create aws_instance/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text(drawn.blocks)).toContain(`${5000 - shown} more lines omitted.`);
  });

  test('A log is cut from the top, because its last lines name the error', () => {
    const lines = Array.from({ length: 900 }, (_, index) => `line ${index} of the log`);
    const drawn = renderCard(cardOf({ sections: [{ type: 'log', title: 'Last lines', lines }] }));
    assertBlocks(drawn.blocks);
    expect(text(drawn.blocks)).toContain('line 899 of the log');
    expect(text(drawn.blocks)).not.toContain('line 0 of the log');
    expect(text(drawn.blocks)).toMatch(/\d+ earlier lines omitted/);
  });

  test('Sections that are omitted are named', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(400)}`);
    const sections: Section[] = [
      { type: 'list', title: 'Destroys', tone: 'bad', lines, more: null },
      { type: 'list', title: 'Outputs', lines: ['endpoint = here'], more: null },
    ];
    const drawn = renderCard(cardOf({ sections }));
    assertBlocks(drawn.blocks);
    expect(text(drawn.blocks)).toContain('Destroys');
    expect(text(drawn.blocks)).toMatch(/Outputs/);
  });

  test('Buttons stay although everything else is too long', () => {
    const drawn = renderCard(cardOf({ sections: [creates, creates, creates], buttons: [approve] }));
    expect(drawn.blocks.some(({ type }) => type === 'actions')).toBe(true);
  });
});

describe('many long lines', () => {
  const danger = (title: string, tone: 'bad' | 'warning', count: number, sign: string): Section => ({
    type: 'list',
    title,
    tone,
    lines: Array.from({ length: count }, (_, index) => `${title} ${index} ${sign.repeat(500)} end ${index}`),
    more: null,
  });
  const drawn = (sign: string) =>
    renderCard(
      cardOf({
        sections: [
          danger('To destroy', 'bad', 25, sign),
          danger('To replace', 'bad', 25, sign),
          danger('Widens access', 'warning', 25, sign),
          danger('Failed checks', 'warning', 10, sign),
        ],
        buttons: [approve],
      }),
    );

  test.each(['x', '資'])(
    'Long lines of %s in one dangerous list leave the other lists their first lines',
    (sign) => {
      assertBlocks(drawn(sign).blocks);
      for (const title of ['To destroy', 'To replace', 'Widens access', 'Failed checks'])
        for (const line of [0, 1])
          expect(text(drawn(sign).blocks)).toMatch(new RegExp(`${title} ${line} .*end ${line}"`));
    },
  );

  test('Lines are cut in the middle only when they do not fit', () => {
    const short = renderCard(cardOf({ sections: [danger('To destroy', 'bad', 3, 'x')] }));
    expect(text(short.blocks)).toContain('x'.repeat(200));
    expect(text(drawn('x').blocks)).not.toContain('x'.repeat(200));
  });
});

describe('buttons', () => {
  test('A button carries its arguments, its plan and its confirmation', () => {
    const drawn = renderCard(
      cardOf({
        buttons: [{ ...approve, confirm: { title: 'Apply this plan?', text: 'web in production' } }],
      }),
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

  test('A new plan gives the block of buttons a new ID', () => {
    const nameFor = (digest: string) =>
      renderCard(cardOf({ buttons: [{ ...approve, digest }] })).blocks.find(({ type }) => type === 'actions')
        ?.block_id;
    expect(nameFor('a')).not.toBe(nameFor('b'));
    expect(nameFor('a')).toBe(nameFor('a'));
  });

  test('A link that is not an http address is not rendered', () => {
    const drawn = renderCard(
      cardOf({
        buttons: [{ kind: 'link', label: 'Details', url: 'javascript:alert(1)' }],
        fields: [{ label: 'Where', value: 'here', url: 'slack://open' }],
      }),
    );
    expect(text(drawn.blocks)).not.toMatch(/javascript:|slack:\/\//);
  });
});

test('The fallback text is short and contains no markup', () => {
  const drawn = renderCard(cardOf({ title: 'x', summary: `<!channel> @here *b* ${'&'.repeat(5000)}` }));
  expect(drawn.text.length).toBeLessThanOrEqual(3000);
  expect(drawn.text).toContain('&lt;!channel&gt;');
  expect(drawn.text).not.toMatch(/@here|[<>]/);
});

test('Slack accepts every generated card as a message and on a Home page', () => {
  fc.assert(
    fc.property(anyCard, (any) => {
      const drawn = renderCard(any);
      assertBlocks(drawn.blocks);
      expect(drawn.text.length).toBeGreaterThan(0);
      expect(drawn.text.length).toBeLessThanOrEqual(3000);
      expect(drawn.text).not.toMatch(/<[!@#]/);
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

test('A Home page with many approval requests fits the limits and counts the rest', () => {
  const waiting = Array.from({ length: 4 }, () => sampleRuns.map(({ run }) => run)).flat();
  const view = renderHome({ waiting, mine: waiting, publicUrl: null });
  expect(view.blocks.length).toBeLessThanOrEqual(100);
  expect(text(view)).toMatch(/And \d+ more/);
});

test('An empty Home page names the first command', () => {
  const view = renderHome({ waiting: [], mine: [], publicUrl: null });
  assertBlocks(view.blocks as Parameters<typeof assertBlocks>[0], 'view');
  expect(text(view)).toContain('No pending approvals.');
  expect(text(view)).toContain('/deploy');
});
