import { describe, expect, it } from 'vitest';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { renderRunPage } from './render-run.ts';

const runPage = (name: string): string => {
  const run = sampleRuns.find((sample) => sample.name === name)?.run;
  if (run === undefined) throw new Error(`there is no sample ${name}`);
  return renderRunPage({
    run,
    stale: false,
    audit: [],
    attributes: null,
    planText: null,
    remainingText: null,
    formContext: null,
    temporalUrl: null,
  }).toString();
};

const headOf = (page: string): string => /<div id="run-card">[\s\S]*?<\/article>/.exec(page)?.[0] ?? '';

describe('the head of a run page', () => {
  it('keeps the policy violations after the decision, and leaves the plan to its own panel', () => {
    const head = headOf(runPage('provision-overridden'));
    expect(head).toContain('class="list warning"');
    expect(head).toContain('Overridden by');
    expect(head).not.toContain('To add');
  });

  it('shows the violations of a plan that the policy forbids', () => {
    expect(headOf(runPage('provision-forbidden'))).toContain('class="list bad"');
  });

  it('shows the plan above the buttons while the run waits for approval', () => {
    expect(headOf(runPage('awaiting-dangerous'))).toContain('To destroy');
  });
});
