import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import { runStatuses } from '../../workflows/contract/run-status.ts';
import type { RunPlan } from '../../workflows/contract/run-view.ts';
import { describeAuditDetails } from '../text/audit-text.ts';
import { toPlainText, truncateMiddle } from '../text/plain-text.ts';
import { shortId } from '../text/run-name.ts';
import { describeStatus } from '../text/run-text.ts';
import { formatDuration, formatTime } from '../text/time.ts';
import type { Card } from './card.ts';
import { helpCard } from './help-card.ts';
import type { LiveRun } from './listed-run.ts';
import { errorCard } from './notice-cards.ts';
import { runCard } from './run-card.ts';
import { statusCard } from './run-list-cards.ts';
import {
  ada,
  dangerousPlan,
  grace,
  noCounts,
  sampleApproval,
  samplePlan,
  sampleStages,
  sampleView,
} from './testing/sample-parts.ts';
import { sampleRuns } from './testing/samples.ts';

const links = { publicUrl: 'https://deck.example.com/' };
const run = (name: string): LiveRun => {
  const found = sampleRuns.find((sample) => sample.name === name);
  if (found === undefined) throw new Error(`no sample ${name}`);
  return found.run;
};
const labels = (card: Card): readonly string[] => card.buttons.map(({ label }) => label);
const texts = (card: Card): readonly string[] => [
  card.title,
  card.summary,
  card.footer ?? '',
  ...card.fields.flatMap(({ label, value }) => [label, value]),
  ...card.sections.flatMap((section) => {
    switch (section.type) {
      case 'text':
        return [section.text];
      case 'stages':
        return section.stages.flatMap(({ label, detail }) => [label, detail ?? '']);
      case 'list':
        return [section.title, ...section.lines, section.more ?? ''];
      default:
        return [section.title, ...section.lines];
    }
  }),
];
const everything = (card: Card): string => texts(card).join('\n');
const titles = (card: Card): readonly string[] =>
  card.sections.flatMap((section) => (section.type === 'list' ? [section.title] : []));

describe('the card of a run', () => {
  test('offers the actions that the state of the run allows', () => {
    const offered = Object.fromEntries(
      sampleRuns.map((sample) => [sample.name, labels(runCard(sample.run, links))]),
    );
    expect(offered).toEqual({
      queued: ['Cancel', 'Details'],
      running: ['Cancel', 'Details'],
      'awaiting-dangerous': ['Approve', 'Deny', 'Cancel', 'Details'],
      'awaiting-one-of-two': ['Approve', 'Deny', 'Cancel', 'Details'],
      applying: ['Cancel', 'Details'],
      succeeded: ['Details'],
      'no-changes': ['Details'],
      denied: ['Details'],
      expired: ['Details'],
      'cancelled-in-apply': ['Details'],
      'failed-tests': ['Retry', 'Details'],
      'failed-state-lock': ['Details'],
      'terminated-outside': ['Details'],
      hostile: ['Approve', 'Deny', 'Cancel', 'Details'],
      'provision-awaiting-override': ['Approve', 'Deny', 'Cancel', 'Details'],
      'provision-overridden': ['Details'],
      'provision-forbidden': ['Details'],
      'destroy-awaiting': ['Approve', 'Deny', 'Cancel', 'Details'],
    });
  });

  test('offers no decision after the run was terminated in Temporal', () => {
    const waiting = run('awaiting-dangerous');
    expect(labels(runCard({ ...waiting, externalEnd: 'terminated' }, links))).toEqual(['Details']);
    expect(runCard({ ...waiting, externalEnd: 'timed out' }, links).summary).toContain(
      'Timed out in Temporal',
    );
  });

  test('offers no decision while an earlier decision is carried out', () => {
    const { view, ...rest } = run('awaiting-dangerous');
    const vote = { by: grace, at: 1, reason: null };
    const decided = sampleApproval({
      votes: [vote],
      decision: { outcome: 'approved', votes: [vote], digest: 'x' },
    });
    expect(labels(runCard({ ...rest, view: { ...view, approval: decided } }, links))).toEqual([
      'Cancel',
      'Details',
    ]);
  });

  test('has no link without a public address', () => {
    expect(labels(runCard(run('running'), { publicUrl: null }))).toEqual(['Cancel']);
    expect(runCard(run('succeeded'), links).buttons).toEqual([
      {
        kind: 'link',
        label: 'Details',
        url: `https://deck.example.com/runs/${run('succeeded').view.workflowId}`,
      },
    ]);
  });

  test('requires a reason to deny, a confirmation to approve, and names the plan in both', () => {
    const [approve, deny] = runCard(run('awaiting-dangerous'), links).buttons;
    const { workflowId, approval } = run('awaiting-dangerous').view;
    expect(approve).toMatchObject({
      command: 'approve',
      args: workflowId,
      digest: approval?.digest,
      confirm: { text: 'web in production: 1 to destroy, 1 to replace, 1 to change, 2 to add' },
    });
    expect(deny).toMatchObject({
      command: 'deny',
      args: workflowId,
      digest: approval?.digest,
      needsReason: true,
    });
  });

  test('requires a reason to approve a plan that violates the policy, and shows the violation first', () => {
    const card = runCard(run('provision-awaiting-override'), links);
    expect(card.title).toBe('Provision admin-user');
    expect(card.buttons[0]).toMatchObject({ command: 'approve', needsReason: true });
    expect(titles(card)[0]).toBe('Policy warning: approving requires a reason');
  });

  test('shows who overrode the policy and why, and that a hard rule cannot be overridden', () => {
    expect(everything(runCard(run('provision-overridden'), links))).toContain(
      'Overridden by Grace: the auditors need it until Friday',
    );
    const forbidden = runCard(run('provision-forbidden'), links);
    expect(titles(forbidden)[0]).toBe('Policy violation (cannot be overridden)');
    const [rules] = forbidden.sections.filter(({ type }) => type === 'list');
    expect(JSON.stringify(rules)).toMatch(/account_owner.*admin_user/);
  });

  test('names the approvers on the buttons, and excludes the requester from approving', () => {
    const { view, ...rest } = run('awaiting-dangerous');
    const whoMay = (changes: Parameters<typeof sampleApproval>[0]) => {
      const asked = { ...rest, view: { ...view, approval: sampleApproval(changes) } };
      return runCard(asked, links).buttons.map((button) => (button.kind === 'command' ? button.who : null));
    };
    expect(whoMay({})).toEqual([[grace.id], [ada.id, grace.id], undefined, null]);
    expect(whoMay({ selfApproval: true })).toEqual([[ada.id, grace.id], [ada.id, grace.id], undefined, null]);
    expect(whoMay({ approvers: ['Ada@Example.com', 'Grace@Example.com'] })[0]).toEqual([grace.id]);
    expect(whoMay({ approvers: [ada.id] })[0]).toEqual([]);
    expect(whoMay({ approvers: [] })).toEqual([undefined, undefined, undefined, null]);
  });

  test('shows destroyed resources first, then replaced ones with the cause, then risky changes', () => {
    const card = runCard(run('awaiting-dangerous'), links);
    expect(titles(card)).toEqual([
      'To destroy',
      'To replace (destroyed and created again)',
      'Changes that widen access or remove protection',
      'Changed outside Terraform',
      'To add',
      'Outputs that change',
    ]);
    expect(everything(card)).toContain('aws_db_instance.main: forced by storage_encrypted false → true');
    expect(everything(card)).toContain('ingress.0.cidr_blocks 10.0.0.0/8 → 0.0.0.0/0');
  });

  test('shows the number of votes and when the approval request expires', () => {
    const { fields, summary } = runCard(run('awaiting-one-of-two'), links);
    expect(summary).toBe('Deploy web to production: Waiting for approval, 1 of 2 approvals: 1 to add');
    expect(fields).toContainEqual({ label: 'Approvals', value: '1 of 2: Grace' });
    expect(fields).toContainEqual({
      label: 'Expires',
      value: '5 Mar 2026, 14:33 UTC, 10m after the request',
    });
  });

  test('shows the failure, the next step and the last log lines', () => {
    const card = runCard(run('failed-tests'), links);
    expect(card.summary).toBe(
      'Deploy web to production: Failed at “Run the tests”: running the tests of web: 2 of 42 failed',
    );
    expect(card.sections).toContainEqual({
      type: 'log',
      title: 'Last log lines of “Run the tests”',
      lines: ['✗ answers 404', '  expected 404, received 500', '42 tests, 2 failed'],
    });
    expect(everything(card)).toContain('Fix the tests');
    expect(card.fields).toContainEqual({ label: 'Retry until', value: '5 Mar 2026, 15:22 UTC' });
  });

  test('shows what a stopped apply has changed, and what remains', () => {
    const said = everything(runCard(run('cancelled-in-apply'), links));
    expect(said).toContain('3 of 4 resources applied before the run stopped.');
    expect(said).toContain('Remaining changes (new plan): 1 to replace, 1 to add.');
  });

  test('says that nothing was applied only when a run was stopped before its apply', () => {
    const events = [{ seq: 0, at: 1, kind: 'cancelled', by: ada, reason: 'wrong branch' }] as const;
    const said = (view: Partial<LiveRun['view']>) =>
      describeStatus({ ...run('running'), view: sampleView(1, { status: 'cancelled', events, ...view }) });
    expect(said({})).toBe('Cancelled by Ada: wrong branch; nothing was applied');
    expect(said({ events: [{ ...events[0], by: null, reason: null }] })).toBe(
      'Cancelled in Temporal; nothing was applied',
    );
    expect(said({ events: [] })).toBe('Cancelled in Temporal; nothing was applied');
    expect(describeStatus(run('denied'))).toBe('Denied by Grace: too late today; nothing was applied');
    expect(describeStatus(run('cancelled-in-apply'))).toBe('Cancelled by Ada: wrong branch');
    const applying = { seq: 0, at: 0, kind: 'applying', digest: 'd' } as const;
    const unknown = 'Cancelled by Ada: wrong branch; whether anything was applied is unknown';
    expect(said({ events: [applying, ...events] })).toBe(unknown);
    expect(said({ stages: sampleStages('terraform_apply', 'cancelled') })).toBe(unknown);
    const aborted = { seq: 1, at: 0, kind: 'apply_aborted', done: 1, total: 2, message: 'm' } as const;
    expect(said({ events: [applying, aborted, ...events] })).toBe('Cancelled by Ada: wrong branch');
  });

  test('shows the progress of the apply', () => {
    const card = runCard(run('applying'), links);
    expect(card.summary).toContain('3 of 12');
    expect(JSON.stringify(card.sections)).toContain('"3/12"');
  });

  test('says that a plan changes nothing where it waits for approval', () => {
    const asked = (plan: RunPlan) =>
      sampleView(1, { status: 'awaiting_approval', plan, approval: sampleApproval() });
    const said = (plan: RunPlan) =>
      everything(runCard({ view: asked(plan), live: {}, externalEnd: null }, links));
    const empty = samplePlan({ counts: noCounts, changes: [], hasChanges: false });
    expect(said(empty)).toContain('The plan changes nothing.');
    expect(said(samplePlan())).not.toContain('The plan changes nothing.');
  });

  test('shows outputs, and hides the value of a sensitive one', () => {
    const said = everything(runCard(run('succeeded'), links));
    expect(said).toContain('endpoint = https://web.example.com');
    expect(said).toContain('password = (sensitive)');
  });

  test('counts the lines that it omits, and omits no destroy in favor of creates', () => {
    const card = runCard(run('hostile'), links);
    const list = (title: string) =>
      card.sections.find((section) => section.type === 'list' && section.title === title);
    expect(list('To destroy')).toMatchObject({ more: '5 more not listed' });
    expect(list('To add')).toMatchObject({ lines: [], more: '5000 more not listed' });
    expect(titles(card).indexOf('To destroy')).toBeLessThan(titles(card).indexOf('To add'));
  });

  test('shows the six characters that people type as the run ID', () => {
    expect(runCard(run('running'), links).footer).toMatch(
      /^02c0ff · requested by Ada on 5 Mar 2026, 14:22 UTC$/,
    );
    expect(shortId('total-build-nightly')).toBe('total-build-nightly');
  });

  test('always has a summary of one line, and no empty text', () => {
    for (const sample of sampleRuns) {
      const card = runCard(sample.run, links);
      expect(card.summary).toContain(card.title);
      for (const text of texts(card)) expect(text).not.toMatch(/[\n\r\u202e\u200b]/);
    }
  });

  test('accepts any text that a stranger can choose', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3000 });
    fc.assert(
      fc.property(fc.constantFrom(...runStatuses), text, text, text, (status, address, message, name) => {
        const view = sampleView(1, {
          status,
          ref: name,
          requestedBy: { id: 'x', name },
          commit: { sha: 'a'.repeat(40), subject: message, author: name },
          plan: samplePlan({
            counts: { ...noCounts, destroy: 1 },
            changes: [{ address, action: 'destroy', forcedBy: [name], attributes: [], note: message }],
            failedChecks: [message],
          }),
          failure: { stage: 'build_image', type: 'X', message, hint: name, tail: [message], log: null },
          outputs: [{ name, sensitive: false, value: message }],
        });
        for (const said of texts(runCard({ view, live: {}, externalEnd: null }, links))) {
          expect(said.length).toBeLessThan(1100);
          expect(said.isWellFormed()).toBe(true);
          expect(said).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is equal for equal facts, and different for different ones', () => {
    const card = () => JSON.stringify(runCard(run('applying'), links));
    expect(card()).toBe(card());
    const more = { ...run('applying'), live: { terraform_apply: { done: 4, total: 12, lines: [] } } };
    expect(JSON.stringify(runCard(more, links))).not.toBe(card());
  });
});

describe('the other cards', () => {
  test('help lists every command with its usage, and what can be deployed', () => {
    const words = [{ name: 'status', usage: '[<id>]', description: 'one run', example: '3f2a' }];
    const services = [{ name: 'web', environments: ['preview', 'production'] }];
    const said = everything(helpCard(words, services));
    expect(said).toContain('status [<id>]: one run');
    expect(said).toContain('web: preview, production');
    expect(everything(helpCard(words, null))).toContain('unavailable');
    expect(everything(helpCard(words, []))).toContain('has no services');
  });

  test('status counts the runs that it omits in each group, and says when there are none', () => {
    const runs = sampleRuns.slice(0, 2).map((sample) => sample.run);
    const card = statusCard('Deployments', [{ title: 'Running', runs, total: 5 }], 'Nothing is running.');
    expect(card.sections).toHaveLength(1);
    expect(everything(card)).toContain('02c0ff web in production: Running (requested by Ada)');
    expect(everything(card)).toContain('3 more not listed');
    expect(statusCard('Deployments', [{ title: 'Running', runs: [], total: 0 }], 'Nothing.').summary).toBe(
      'Nothing.',
    );
  });

  test('an error is one sentence with its hint', () => {
    expect(errorCard('Not so.', 'Usage: x').sections).toHaveLength(2);
  });
});

describe('texts on cards', () => {
  test('an audit entry shows times and counts as people read them', () => {
    const details = {
      digest: 'ab'.repeat(32),
      counts: { ...noCounts, destroy: 1, add: 2 },
      expiresAt: 1_795_258_911_215,
      by: ada,
      reason: null,
      force: true,
      done: 3,
    };
    expect(describeAuditDetails(details)).toEqual([
      { name: 'digest', value: 'abababababab…' },
      { name: 'counts', value: '1 to destroy, 2 to add' },
      { name: 'expiresAt', value: '2026-11-21T11:01:51.215Z' },
      { name: 'force', value: 'yes' },
      { name: 'done', value: '3' },
    ]);
  });

  test('times are absolute and durations short', () => {
    expect(formatTime(Date.UTC(2026, 10, 21, 7, 5))).toBe('21 Nov 2026, 07:05 UTC');
    expect([0, 999, 72_000, 7_200_000, 90_061_000, -5].map(formatDuration)).toEqual([
      '0s',
      '0s',
      '1m 12s',
      '2h',
      '1d 1h',
      '0s',
    ]);
  });

  test('text is truncated in the middle, on whole characters', () => {
    expect(truncateMiddle('module.network.aws_subnet.private', 21)).toBe('module.net…et.private');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const short = truncateMiddle(text, limit);
        expect(short.length).toBeLessThanOrEqual(Math.max(limit, 0));
        expect(short.isWellFormed()).toBe(true);
      }),
    );
    expect(toPlainText('a\u202eb\tc\nd')).toBe('a\\u202eb c d');
    expect(toPlainText('👩‍🚀')).toBe('👩‍🚀');
  });

  test('counts of zero are left out', () => {
    expect(describeCounts(noCounts)).toBe('no resource changes');
    expect(describeCounts(dangerousPlan.summary.counts)).toBe(
      '1 to destroy, 1 to replace, 1 to change, 2 to add',
    );
  });
});
