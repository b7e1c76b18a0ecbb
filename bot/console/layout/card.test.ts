import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Button, Card, Section } from '../../cards/card.ts';
import { runCard } from '../../cards/run-card.ts';
import { sampleNotices } from '../../cards/testing/sample-notices.ts';
import { ada } from '../../cards/testing/sample-parts.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import type { FormContext } from './actions.ts';
import { renderCard } from './card.ts';

const formContext: FormContext = {
  person: ada,
  csrf: 'token',
  back: '/',
  conversation: 'console:main',
  scope: 'e-1',
  nonceOf: ({ command }) => `nonce-of-${command}`,
};

const links = { publicUrl: 'https://console.example.com' };

test.each(sampleRuns)('the console renders $name', async ({ name, run }) => {
  const rendered = renderCard(runCard(run, links), { formContext, heading: 3, href: '/runs/x' });
  await expect(`${rendered}\n`).toMatchFileSnapshot(`../golden/${name}.html`);
});

test.each(sampleNotices)('the console renders the notice $name', async ({ name, draw }) => {
  const rendered = renderCard(draw(links), { formContext, heading: 3, href: '/runs/x' });
  await expect(`${rendered}\n`).toMatchFileSnapshot(`../golden/${name}.html`);
});

/** The tags of some markup, without the text between them. */
const tagsOf = (markup: string): readonly string[] => markup.match(/<[^>]*>/g) ?? [];

const shapeOf = (card: Card): readonly string[] =>
  tagsOf(renderCard(card, { formContext, heading: 3, href: '/runs/x' }).toString()).map(
    (tag) => /^<\/?[a-z0-9!]+/i.exec(tag)?.[0] ?? tag,
  );

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '</p><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '<!--',
    ']]>',
    '&lt;b&gt;',
    '</textarea><svg onload=alert(1)>',
  ),
);

const sections: fc.Arbitrary<Section> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: nasty, strong: fc.boolean() }),
  fc.record({ type: fc.constant('log' as const), title: nasty, lines: fc.array(nasty) }),
  fc.record({
    type: fc.constant('list' as const),
    title: nasty,
    tone: fc.constantFrom('bad' as const, 'warning' as const, 'neutral' as const),
    lines: fc.array(nasty),
    more: fc.option(nasty),
  }),
  fc.record({
    type: fc.constant('stages' as const),
    stages: fc.array(
      fc.record({
        label: nasty,
        state: fc.constantFrom('pending' as const, 'running' as const, 'failed' as const),
        detail: fc.option(nasty),
      }),
    ),
  }),
);

const buttons: fc.Arbitrary<Button> = fc.record({
  kind: fc.constant('command' as const),
  action: fc.constantFrom('decide' as const, 'control' as const),
  label: nasty,
  tone: fc.constantFrom('good' as const, 'bad' as const, 'neutral' as const),
  command: nasty,
  args: nasty,
  digest: nasty,
  confirm: fc.record({ title: nasty, text: nasty }),
  needsReason: fc.boolean(),
});

const cards: fc.Arbitrary<Card> = fc.record({
  kind: fc.constant('notice' as const),
  title: nasty,
  tone: fc.constantFrom('neutral' as const, 'warning' as const, 'bad' as const),
  summary: nasty,
  fields: fc.array(fc.record({ label: nasty, value: nasty, url: nasty })),
  sections: fc.array(sections, { maxLength: 4 }),
  buttons: fc.array(buttons, { maxLength: 2 }),
  footer: fc.option(nasty),
});

/** The same card with harmless text; empty texts stay empty. */
const tamed = (card: Card): Card =>
  JSON.parse(JSON.stringify(card), (key, value: unknown) => {
    if (typeof value !== 'string' || ['tone', 'type', 'kind', 'action', 'state'].includes(key)) return value;
    if (key === 'url') return /^(https?:\/\/|\/(?!\/))/i.test(value) ? 'https://example.com' : 'x';
    return value === '' ? '' : 'x';
  }) as Card;

describe('a card with hostile text', () => {
  it('no text of a card becomes markup', () => {
    fc.assert(
      fc.property(cards, (card) => {
        expect(shapeOf(card)).toEqual(shapeOf(tamed(card)));
      }),
      { numRuns: 300 },
    );
  });

  it('a card links to web pages only', () => {
    for (const url of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil.example',
      ' javascript:x',
      'vbscript:x',
    ]) {
      const card: Card = {
        kind: 'notice',
        title: 'A card',
        tone: 'neutral',
        summary: 'A card',
        fields: [{ label: 'A', value: 'b', url }],
        sections: [],
        buttons: [{ kind: 'link', label: 'Go', url }],
        footer: null,
      };
      expect(renderCard(card, { formContext, heading: 3 }).toString()).not.toContain('href');
    }
  });

  it('a card has no forms where the viewer is read-only', () => {
    for (const { run } of sampleRuns) {
      const rendered = renderCard(runCard(run, links), { formContext: null, heading: 3 }).toString();
      expect(rendered).not.toMatch(/<form|<button|<input/);
    }
  });
});
