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

test('the holder of a lock is read from what Terraform says', () => {
  expect(parseLockInfo(detail)).toEqual({
    id: '1c5e1c3b-1111-2222-3333-444455556666',
    who: 'ada@laptop',
    since: '2026-11-21 09:38:04 UTC',
    operation: 'apply',
  });
  expect(describeLockHolder(parseLockInfo(detail))).toBe('ada@laptop since 2026-11-21 09:38:04 UTC (apply)');
});

test('a complaint without a holder names none', () => {
  expect(describeLockHolder(parseLockInfo('Error message: resource temporarily unavailable'))).toBeNull();
});
