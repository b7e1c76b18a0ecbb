import { nodeProblem } from '../../runtime/assert-node.ts';
import { type Check, fail, ok } from './finding.ts';

/** Node runs the TypeScript itself, so another one cannot start anything. */
export const checkNode =
  (version: string): Check =>
  async () =>
    nodeProblem(version) === null
      ? [ok('Node', version)]
      : [
          fail(
            'Node',
            `${version} is not version 24`,
            'Run npm install: it brings Node 24 into this folder.',
          ),
        ];
