import fc from 'fast-check';
import type { Button, Card, Section } from '../card.ts';

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
    '[link](https://evil.example)',
    '{{DATE(2026-01-01T00:00:00Z)}}',
    '<at>everyone</at>',
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
    tone: fc.constantFrom('bad', 'warning', 'neutral'),
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
    action: fc.constantFrom('decide', 'control', 'start', 'browse'),
    label: words,
    tone: fc.constantFrom('good', 'bad', 'neutral'),
    command: fc.constantFrom('approve', 'deny'),
    args: words,
    confirm: fc.record({ title: words, text: words }),
    needsReason: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('link' as const), label: words, url: fc.oneof(words, fc.webUrl()) }),
);
/** A card that holds anything at all, for a platform to draw. */
export const anyCard: fc.Arbitrary<Card> = fc.record({
  kind: fc.constantFrom('run', 'list', 'notice', 'error'),
  title: words,
  tone: fc.constantFrom('neutral', 'progress', 'warning', 'good', 'bad'),
  summary: words,
  fields: fc.array(fc.record({ label: words, value: words }), { maxLength: 20 }),
  sections: fc.array(section, { maxLength: 60 }),
  buttons: fc.array(button, { maxLength: 30 }),
  footer: fc.option(words),
});
