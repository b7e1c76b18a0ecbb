import { createScrub } from '../../process/scrub.ts';
import { secretValues } from '../../process/secret-values.ts';
import type { TerraformDependencies } from '../dependencies.ts';
import type { Workplace } from '../workplace.ts';
import { createScrubber, type Scrub } from './scrubber.ts';
import { secretSettings } from './secret-settings.ts';

/** Hides what is known before any plan was read: the worker's own secrets, and whatever looks like one. */
export const baseScrub = (
  { env }: Pick<TerraformDependencies, 'env'>,
  { backend }: Pick<Workplace, 'backend'>,
): Scrub => {
  const settings = createScrubber(secretSettings(backend));
  const own = createScrub(secretValues(env));
  return (text) => own(settings(text));
};
