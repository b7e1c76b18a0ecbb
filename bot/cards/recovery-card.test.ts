import { describe, expect, test } from 'vitest';
import type { LiveRun } from './listed-run.ts';
import { recoveryCard } from './recovery-card.ts';
import { sampleNotices } from './testing/sample-notices.ts';
import { sampleTime, sampleView } from './testing/sample-parts.ts';
import { sampleRuns } from './testing/samples.ts';

const links = { publicUrl: 'https://deck.example.com' };
const run = (name: string): LiveRun =>
  sampleRuns.find((sample) => sample.name === name)?.run ?? expect.fail(`no sample ${name}`);
const said = (name: string): string => recoveryCard(run('succeeded'), run(name), links).summary;

describe('the recovery card', () => {
  test('names the subject, both runs and the requester, and links to both runs', () => {
    const card = recoveryCard(run('succeeded'), run('failed-tests'), links);
    const url = (name: string) => `https://deck.example.com/runs/${run(name).view.workflowId}`;
    expect(card).toEqual({
      kind: 'notice',
      title: 'Recovered: web in production',
      tone: 'good',
      summary:
        'Recovered: web in production. The deployment 06c0ff, requested by Ada, succeeded after 0bc0ff failed on 5 Mar 2026, 14:23 UTC.',
      fields: [
        {
          label: 'Succeeded',
          value: '06c0ff, 5 Mar 2026, 14:23 UTC: Deployed: 2 added, 1 changed, 1 destroyed',
          url: url('succeeded'),
        },
        { label: 'Requested by', value: 'Ada' },
        {
          label: 'Previous failure',
          value:
            '0bc0ff, 5 Mar 2026, 14:23 UTC: Failed at “Run the tests”: running the tests of web: 2 of 42 failed',
          url: url('failed-tests'),
        },
      ],
      sections: [
        {
          id: 'status',
          type: 'text',
          text: 'The deployment 06c0ff, requested by Ada, succeeded after 0bc0ff failed on 5 Mar 2026, 14:23 UTC.',
          strong: true,
        },
      ],
      buttons: [{ kind: 'link', label: 'Details', url: url('succeeded') }],
      footer: null,
    });
  });

  test('has a text for every way in which a run can fail', () => {
    expect(said('denied')).toContain('after 08c0ff was denied on');
    expect(said('expired')).toContain('after 09c0ff expired on');
    expect(said('cancelled-in-apply')).toContain('after 0ac0ff was cancelled on');
    expect(said('terminated-outside')).toContain('after 0dc0ff was terminated in Temporal on');
  });

  test('has no link without a public address', () => {
    const card = recoveryCard(run('succeeded'), run('denied'), { publicUrl: null });
    expect(card.buttons).toEqual([]);
    expect(JSON.stringify(card)).not.toContain('url');
  });

  test('stays short and on one line, whatever name a stranger chooses', () => {
    const loud = { id: 'x', name: `${'n\u202e\n'.repeat(500)}` };
    const view = sampleView(6, { status: 'succeeded', requestedBy: loud, endedAt: sampleTime });
    const card = recoveryCard({ ...run('succeeded'), view }, run('hostile'), links);
    for (const text of [card.title, card.summary, ...card.fields.map(({ value }) => value)]) {
      expect(text.length).toBeLessThan(400);
      expect(text).not.toMatch(/[\n\u202e]/);
    }
  });

  test('is among the samples that every platform renders', () => {
    expect(new Set(sampleNotices.map(({ name }) => name)).size).toBe(sampleNotices.length);
    const ours = sampleNotices.filter(({ name }) => name.startsWith('recovered-'));
    expect(ours.length).toBeGreaterThan(5);
    for (const { draw } of ours) expect(draw(links).summary).toContain('Recovered');
  });
});
