import type { DeployActivities } from '../contract/activities.ts';
import { createProxies, createRunActivities } from '../run/proxies.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';

/** The activities of a deployment. */
export const createDeployActivities = (timeouts: WorkflowTimeouts) => {
  const { process, local } = createProxies(timeouts);
  return {
    ...createRunActivities(timeouts),
    resolve_target: local<DeployActivities>().resolve_target,
    check_for_changes: process<DeployActivities>('10 minutes', 4).check_for_changes,
    refresh_repo: process<DeployActivities>('10 minutes', 4).refresh_repo,
    install_packages: process<DeployActivities>('10 minutes', 3).install_packages,
    perform_tests: process<DeployActivities>('30 minutes', 3).perform_tests,
    build_image: process<DeployActivities>('15 minutes', 3).build_image,
  };
};

export type DeployProxies = ReturnType<typeof createDeployActivities>;
