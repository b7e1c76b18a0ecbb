// Separate file: every platform folder exports its factory here.
import type { PlatformFactory } from '../platform/platform-factory.ts';
import { checkTeamsEnv, readTeamsConfig, teamsEnv } from './config.ts';
import { createTeams } from './create-teams.ts';

/** Microsoft Teams: commands, mentions, cards with buttons, and one message per run. */
export const teams: PlatformFactory<typeof teamsEnv> = {
  name: 'teams',
  env: teamsEnv,
  checks: [checkTeamsEnv],
  create(env, deps) {
    const config = readTeamsConfig(env);
    return config === null ? null : createTeams(config, deps);
  },
};
