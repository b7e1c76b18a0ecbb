import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { checkRef } from '../git/resolve-ref.ts';
import { gitRef } from './fields.ts';
import { isGitRef } from './name-patterns.ts';

const run = promisify(execFile);

const accepted = [
  'main',
  'release/2.0',
  'feature/login#12',
  'dependabot/npm/@types/node-24',
  'größe',
  'v1.0+build=3,4',
];
const refused = [
  '',
  '-b',
  '/main',
  '.hidden',
  'a..b',
  'a//b',
  'a/.b',
  'a.lock',
  'a.lock/b',
  'main/',
  'main.',
  'main@{1}',
  'HEAD~1',
  'a b',
  'main\n',
  '$(id)',
  'a;b',
  'fix(web)',
  'x'.repeat(201),
];

const isAccepted = (ref: string): boolean => {
  try {
    return checkRef(ref, 'web') === ref;
  } catch {
    return false;
  }
};

test.each(accepted)('%s is a ref for the catalog, for a deployment and for git', async (ref) => {
  expect([isGitRef(ref), gitRef.safeParse(ref).success, isAccepted(ref)]).toEqual([true, true, true]);
  await expect(run('git', ['check-ref-format', `refs/heads/${ref}`])).resolves.toBeDefined();
});

test.each(refused)('%j is no ref, neither in the catalog nor for a deployment', (ref) => {
  expect([isGitRef(ref), gitRef.safeParse(ref).success, isAccepted(ref)]).toEqual([false, false, false]);
});
