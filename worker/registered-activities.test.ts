import { expect, test, vi } from 'vitest';
import { sampleTarget } from '../workflows/testing/samples.ts';
import { registerActivities, type WorkerActivities } from './registered-activities.ts';

test('an activity is registered in snake case, and reads the input of the version before', async () => {
  const buildImage = vi.fn(async () => 'built');
  const { build_image } = registerActivities({ buildImage } as unknown as WorkerActivities);
  const { kind: _, name, ...rest } = sampleTarget('web', 'production');
  const input = { workflowId: 'w', attempt: 1 };
  const previous = { ...input, commit: 'c', target: { ...rest, service: name } };
  expect(await build_image(previous as never)).toBe('built');
  expect(buildImage).toHaveBeenCalledWith({
    ...input,
    revision: 'c',
    target: sampleTarget('web', 'production'),
  });
});
