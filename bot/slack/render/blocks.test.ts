import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Section } from '../../cards/card.ts';
import { runCard } from '../../cards/run-card.ts';
import { anyCard } from '../../cards/testing/any-card.ts';
import { approve, cardOf } from '../../cards/testing/card-of.ts';
import { sampleNotices } from '../../cards/testing/sample-notices.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { assertBlocks } from '../testing/assert-blocks.ts';
import { renderBlocks } from './blocks.ts';
import { homeView } from './home-view.ts';

const links = { publicUrl: 'https://quarterdeck.example.com' };

const text = (value: unknown): string => JSON.stringify(value);

describe('every kind of run', () => {
  test.each(sampleRuns)('Slack draws $name inside its limits and as before', async ({ name, run }) => {
    const drawn = renderBlocks(runCard(run, links));
    assertBlocks(drawn.blocks);
    await expect(`${JSON.stringify(drawn, null, 2)}\n`).toMatchFileSnapshot(`../golden/${name}.json`);
  });

  test.each(sampleNotices)('Slack draws the notice $name', async ({ name, draw }) => {
    const drawn = renderBlocks(draw(links));
    assertBlocks(drawn.blocks);
    await expect(`${JSON.stringify(drawn, null, 2)}\n`).toMatchFileSnapshot(`../golden/${name}.json`);
  });

  test('no sample can ping a channel or a person', () => {
    const cards = [
      ...sampleRuns.map(({ run }) => runCard(run, links)),
      ...sampleNotices.map(({ draw }) => draw(links)),
    ];
    for (const one of cards) {
      const drawn = renderBlocks(one);
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
    const drawn = renderBlocks(cardOf({ sections: [creates, destroys], buttons: [approve] }));
    assertBlocks(drawn.blocks);
    for (const line of destroys.lines) expect(text(drawn.blocks)).toContain(line);
  });

  test('a list that is cut says how many lines are not shown', () => {
    const drawn = renderBlocks(cardOf({ sections: [creates] }));
    const shown = text(drawn.blocks).match(/create aws_instance/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text(drawn.blocks)).toContain(`${5000 - shown} more lines not shown here.`);
  });

  test('a log is cut from the top, for its last lines say what went wrong', () => {
    const lines = Array.from({ length: 900 }, (_, index) => `line ${index} of the log`);
    const drawn = renderBlocks(cardOf({ sections: [{ type: 'log', title: 'Last lines', lines }] }));
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
    const drawn = renderBlocks(cardOf({ sections }));
    assertBlocks(drawn.blocks);
    expect(text(drawn.blocks)).toContain('Destroys');
    expect(text(drawn.blocks)).toMatch(/Outputs/);
  });

  test('buttons stay although everything else is too long', () => {
    const drawn = renderBlocks(cardOf({ sections: [creates, creates, creates], buttons: [approve] }));
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
    renderBlocks(
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

  test.each(['x', '資'])('of %s in one dangerous list leave every other one its first lines', (sign) => {
    assertBlocks(drawn(sign).blocks);
    for (const title of ['To destroy', 'To replace', 'Widens access', 'Failed checks'])
      for (const line of [0, 1])
        expect(text(drawn(sign).blocks)).toMatch(new RegExp(`${title} ${line} .*end ${line}"`));
  });

  test('are cut in the middle only when they do not fit', () => {
    const short = renderBlocks(cardOf({ sections: [danger('To destroy', 'bad', 3, 'x')] }));
    expect(text(short.blocks)).toContain('x'.repeat(200));
    expect(text(drawn('x').blocks)).not.toContain('x'.repeat(200));
  });
});

describe('buttons', () => {
  test('a button carries its words, its plan and its question', () => {
    const drawn = renderBlocks(
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

  test('another plan gives the block of buttons another name', () => {
    const nameFor = (digest: string) =>
      renderBlocks(cardOf({ buttons: [{ ...approve, digest }] })).blocks.find(
        ({ type }) => type === 'actions',
      )?.block_id;
    expect(nameFor('a')).not.toBe(nameFor('b'));
    expect(nameFor('a')).toBe(nameFor('a'));
  });

  test('a link that is none of the web is not drawn', () => {
    const drawn = renderBlocks(
      cardOf({
        buttons: [{ kind: 'link', label: 'Details', url: 'javascript:alert(1)' }],
        fields: [{ label: 'Where', value: 'here', url: 'slack://open' }],
      }),
    );
    expect(text(drawn.blocks)).not.toMatch(/javascript:|slack:\/\//);
  });
});

test('the text beside the blocks is short, says the state in words, and forms no markup', () => {
  const drawn = renderBlocks(cardOf({ title: 'x', summary: `<!channel> @here *b* ${'&'.repeat(5000)}` }));
  expect(drawn.text.length).toBeLessThanOrEqual(3000);
  expect(drawn.text).toContain('&lt;!channel&gt;');
  expect(drawn.text).not.toMatch(/@here|[<>]/);
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
