import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The files and folders of the demo. */
export interface DemoPaths {
  readonly folder: string;
  readonly repository: string;
  readonly catalog: string;
  readonly state: string;
  /** The service that the demo deploys. */
  readonly service: string;
  /** The demo's copy of the stacks, which may be edited, and its source. */
  readonly stacks: string;
  readonly shippedStacks: string;
}

export const getDemoPaths = (folder = join(root, '.quarterdeck', 'demo')): DemoPaths => ({
  folder,
  repository: join(folder, 'web.git'),
  catalog: join(folder, 'quarterdeck.yaml'),
  state: join(folder, 'state'),
  service: join(root, 'examples', 'web'),
  stacks: join(folder, 'stacks'),
  shippedStacks: join(root, 'terraform', 'stacks'),
});
