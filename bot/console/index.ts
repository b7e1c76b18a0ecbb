// Separate file: every platform's index.ts exports its factory.
import { flag, text, url } from '../../runtime/env-fields.ts';
import type { PlatformFactory } from '../platform/platform-factory.ts';
import { demoScenarios } from './chat/demo-scenarios.ts';
import { createConsole } from './create-console.ts';

const env = {
  TEMPORAL_UI_URL: url(['http', 'https']).optional(),
  TEMPORAL_NAMESPACE: text().default('default'),
  QUARTERDECK_DEMO: flag().default(false),
};

/** The console. It is always enabled. It must be last in the list of platforms: it answers all remaining paths. */
export const consolePlatform: PlatformFactory<typeof env> = {
  name: 'console',
  env,
  create: ({ TEMPORAL_UI_URL, TEMPORAL_NAMESPACE, QUARTERDECK_DEMO }, deps) =>
    createConsole({
      ...deps,
      interactive: deps.interactive ?? false,
      temporalUi:
        TEMPORAL_UI_URL === undefined ? null : { url: TEMPORAL_UI_URL, namespace: TEMPORAL_NAMESPACE },
      scenarios: QUARTERDECK_DEMO ? demoScenarios : [],
      cliTokenFile: '.quarterdeck/cli-token',
    }),
};
