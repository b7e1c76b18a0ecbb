import { expect, test } from 'vitest';
import { describeLockHolder, parseLockInfo } from './classify-errors.ts';

const detail = `Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        1c5e1c3b-1111-2222-3333-444455556666
  Path:      bucket/web.tfstate
  Operation: OperationTypeApply
  Who:       ada@laptop
  Version:   1.11.4
  Created:   2026-11-21 09:38:04.355123 +0000 UTC
  Info:      

Terraform acquires a state lock to protect the state from being written`;

test('The holder of a state lock is read from the error of Terraform', () => {
  expect(parseLockInfo(detail)).toEqual({
    id: '1c5e1c3b-1111-2222-3333-444455556666',
    who: 'ada@laptop',
    since: '2026-11-21 09:38:04 UTC',
    operation: 'apply',
  });
  expect(describeLockHolder(parseLockInfo(detail))).toBe('ada@laptop since 2026-11-21 09:38:04 UTC (apply)');
});

test('An error without lock info names no holder', () => {
  expect(describeLockHolder(parseLockInfo('Error message: resource temporarily unavailable'))).toBeNull();
});
