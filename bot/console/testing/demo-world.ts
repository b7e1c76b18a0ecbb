import type { AppliedRecord } from '../../../workflows/contract/environment.ts';
import { ada, grace } from '../../cards/testing/sample-parts.ts';
import { demoRuns } from './demo-runs.ts';
import type { FakeRuns } from './fake-runs.ts';

const planText = `Terraform will perform the following actions:

  # aws_db_instance.main must be replaced
-/+ resource "aws_db_instance" "main" {
      ~ endpoint          = "main.abc.eu-west-1.rds.amazonaws.com" -> (known after apply)
      ~ storage_encrypted = false -> true # forces replacement
        # (42 unchanged attributes hidden)
    }

  # aws_db_instance.reports will be destroyed
  - resource "aws_db_instance" "reports" {
      - allocated_storage = 100 -> null
    }

  # aws_s3_bucket.logs will be created
  + resource "aws_s3_bucket" "logs" {
      + bucket = "web-logs"
    }

Plan: 2 to add, 1 to change, 1 to destroy.
`;

/** Fills the fake runs with a day's work of a small team; the run that waits for approval is yet to be asked for. */
export const fillDemo = (runs: FakeRuns, now: number): void => {
  const [question, preview, succeeded, ...others] = demoRuns(now);
  for (const run of [preview, succeeded, ...others]) if (run !== undefined) runs.put(run);
  if (question?.view.plan) runs.texts.set(question.view.plan.text.key, planText);
  const applied: AppliedRecord = {
    workflowId: succeeded?.view.workflowId ?? '',
    revision: succeeded?.view.commit?.sha ?? '',
    digest: '',
    at: now - 94 * 60_000,
    requestedBy: ada,
    approvedBy: [grace],
  };
  const place = (name: string, environment: string) =>
    ({ name, environment, holder: null, waiting: [], applied: [applied], unfinished: false }) as const;
  const holder = (run: typeof question) =>
    run === undefined
      ? null
      : { workflowId: run.view.workflowId, requestedBy: run.view.requestedBy, at: run.view.askedAt };
  runs.places.push(
    { ...place('web', 'preview'), holder: holder(preview) },
    { ...place('web', 'production'), holder: holder(question) },
    { ...place('worker', 'production'), unfinished: true },
  );
  for (const run of demoRuns(now).slice(0, 1))
    for (const event of run.view.events)
      runs.audits.push({
        at: event.at,
        workflowId: run.view.workflowId,
        kind: event.kind,
        by: event.kind === 'asked' ? event.by.id : null,
        details: 'digest' in event ? { digest: event.digest.slice(0, 16) } : { ref: 'main' },
      });
};
