import type { App } from '@slack/bolt';
import type { ListenerDeps } from './deps.ts';

export const registerHome = (app: App, { showHome, inFlight }: ListenerDeps): void => {
  app.event('app_home_opened', ({ event }) =>
    inFlight.track(async () => {
      if (event.tab === 'home') await showHome(event.user);
    }),
  );
};
