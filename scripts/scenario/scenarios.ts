import type { ScenarioName } from '../../bot/console/scenarios.ts';
import { advancedVisibility } from './advanced-visibility.ts';
import { apiFailure } from './api-failure.ts';
import { happyPath } from './happy-path.ts';
import { humanInTheLoopSignal, humanInTheLoopUpdate } from './human-in-the-loop.ts';
import { nonRecoverableFailure } from './non-recoverable-failure.ts';
import { recoverableFailure } from './recoverable-failure.ts';
import type { Play } from './scenario.ts';

/** How each scenario is played. */
export const scenarios: Readonly<Record<ScenarioName, Play>> = {
  'happy-path': happyPath,
  'advanced-visibility': advancedVisibility,
  'human-in-the-loop-signal': humanInTheLoopSignal,
  'human-in-the-loop-update': humanInTheLoopUpdate,
  'recoverable-failure': recoverableFailure,
  'non-recoverable-failure': nonRecoverableFailure,
  'api-failure': apiFailure,
};
