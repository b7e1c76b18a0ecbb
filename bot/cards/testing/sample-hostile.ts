import type { RunView } from '../../../workflows/contract/run-view.ts';
import { ada, noCounts, sampleApproval, samplePlan, sampleStages, sampleView } from './sample-parts.ts';

const nasty = '<!channel> <@U1> *x* _y_ ~z~ `w` [link](https://evil.example) &lt;b&gt; </script><img src=x>';
const rightToLeft = 'abc\u202egnp.exe\u202c שלום \u200b';
const long = '資源🚀'.repeat(120);

/** Everything a stranger can put into a name, an address, a message or a log. */
export const hostileView = (index: number): RunView =>
  sampleView(index, {
    ref: nasty,
    requestedBy: { ...ada, name: `${nasty}${rightToLeft}` },
    commit: { sha: 'f'.repeat(40), subject: `${rightToLeft}${long}`, author: nasty },
    status: 'awaiting_approval',
    stages: sampleStages('approval').map((stage) => ({ ...stage, detail: stage.detail && nasty })),
    image: `registry.example/${long}`,
    approval: sampleApproval({
      required: 2,
      votes: [{ by: { id: 'x', name: nasty }, at: 1, reason: nasty }],
    }),
    policy: {
      outcome: 'soft',
      violations: [{ rule: nasty, level: 'soft', message: `${long}${nasty}` }],
    },
    plan: samplePlan({
      counts: { ...noCounts, add: 5000, change: 40, destroy: 30 },
      changes: [
        ...Array.from({ length: 30 }, (_, at) => ({
          address: `aws_instance.gone["${nasty}${at}"]`,
          action: 'destroy' as const,
          forcedBy: [],
          attributes: [],
          note: rightToLeft,
        })),
        ...Array.from({ length: 40 }, (_, at) => ({
          address: `aws_iam_policy.p["${long}${at}"]`,
          action: 'change' as const,
          forcedBy: [],
          attributes: Array.from({ length: 12 }, (_, n) => ({
            name: `${nasty}.${n}`,
            values: { before: nasty, after: '*' },
            risky: at % 2 === 0,
          })),
          note: null,
        })),
      ],
      omitted: { create: 5000 },
      drift: [nasty, rightToLeft],
      outputs: [{ name: nasty, action: 'update', sensitive: true }],
      failedChecks: [`${nasty}\nsecond line`],
    }),
  });
