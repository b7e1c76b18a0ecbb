import { expect, test } from 'vitest';
import { deployStages } from '../contract/stage.ts';
import type { ServiceTarget } from '../contract/target.ts';
import { planStages } from '../run/plan-stages.ts';
import { sampleTarget } from '../testing/samples.ts';
import { createStaleStages } from './stale-stages.ts';

const target = sampleTarget('web', 'production');
const turn = { lastApplied: null, unfinished: false };
const all = deployStages.slice(0, -1);

/** The stages that a change of the catalog makes stale, each once. */
const after = (change: Partial<ServiceTarget>, ref: string | null = null) => {
  const outdated = createStaleStages(ref);
  expect(outdated(target, turn)).toEqual([]);
  expect(outdated(target, turn)).toEqual([]);
  return [...new Set(outdated({ ...target, ...change }, turn))];
};

test('a stage runs again when its settings changed', () => {
  expect(after({ repo: '/srv/git/other.git' })).toEqual(all);
  expect(after({ branch: 'next' })).toEqual(all);
  expect(after({ branch: 'next' }, 'v1.2')).toEqual([]);
  expect(after({ install: 'npm ci --omit=dev' })).toEqual(['install_packages', 'perform_tests']);
  expect(after({ test: null })).toEqual(['perform_tests']);
  expect(after({ image: null })).toEqual(['build_image', ...planStages]);
  expect(after({ terraform: null })).toEqual(planStages);
  expect(after({ policy: { maxDestroys: 0, reviewDestroysAbove: 5, protected: [] } })).toEqual(planStages);
  expect(after({ approval: null, notify: [] })).toEqual([]);
});

test('a new plan is made when the environment changed', () => {
  const outdated = createStaleStages(null);
  outdated(target, turn);
  expect(outdated(target, { ...turn, unfinished: true })).toEqual(planStages);
});
