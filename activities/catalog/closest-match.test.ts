import { describe, expect, test } from 'vitest';
import { closestMatch, closestMatches } from './closest-match.ts';

describe('the closest match', () => {
  test.each([
    ['wbe', ['web', 'api'], 'web'],
    ['WEB', ['web', 'api'], 'web'],
    ['const', ['constructor', 'web'], 'constructor'],
    ['pro', ['production', 'promotion'], null],
    ['netwrok', ['network', 'cluster'], 'network'],
    ['x', ['web', 'api'], null],
    ['web', [], null],
  ])('of %j in %j is %j', (given, known, match) => {
    expect(closestMatch(given, known)).toBe(match);
  });
});

test('the closest matches come in the order of their similarity, and no more than asked for', () => {
  const branches = ['feature/login', 'feature/logout', 'main', 'release/2.0'];
  expect(closestMatches('feature/logn', branches, 3)).toEqual(['feature/login', 'feature/logout']);
  expect(closestMatches('login', branches, 3)[0]).toBe('feature/login');
  expect(closestMatches('feature/logn', branches, 1)).toHaveLength(1);
  expect(closestMatches('zzzz', ['something-else-entirely'], 3)).toEqual([]);
});
