import { expect, test } from 'vitest';
import { sampleStack, sampleTarget } from '../../workflows/testing/samples.ts';
import { toPolicyInput } from './policy-activities.ts';

const plan = { format_version: '1.2', resource_changes: [], errored: false };

test('the input of the rules names a service and its environment', () => {
  const { subject } = toPolicyInput(plan, { target: sampleTarget('web', 'production') });
  expect(subject).toEqual({ service: 'web', environment: 'production', kind: 'deploy' });
});

test('the input of the rules names a stack, with the fixed environment `stack`', () => {
  const { subject } = toPolicyInput(plan, { target: sampleStack('network') });
  expect(subject).toEqual({ service: 'network', environment: 'stack', kind: 'provision' });
});
