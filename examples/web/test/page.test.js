import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greeting, page } from '../src/page.js';

test('every hour has its greeting', () => {
  assert.equal(greeting(3), 'Still up?');
  assert.equal(greeting(5), 'Good morning');
  assert.equal(greeting(12), 'Good afternoon');
  assert.equal(greeting(18), 'Good evening');
  assert.equal(greeting(23), 'Good evening');
});

test('the page says where it runs and which commit', () => {
  const text = page({ hour: 9, environment: 'preview', commit: 'abc123' });
  assert.match(text, /This is preview, at commit abc123/);
});

test('the page shows markup as text', () => {
  assert.doesNotMatch(page({ hour: 9, environment: '<script>', commit: '' }), /<script>/);
});
