import { type Check, fail, ok } from './finding.ts';

const wanted = 24;

/** Node runs the TypeScript itself, so an older one cannot start anything. */
export const checkNode =
  (version: string): Check =>
  async () =>
    Number(version.replace(/^v/, '').split('.')[0]) >= wanted
      ? [ok('Node', version)]
      : [fail('Node', `${version} is too old`, 'Run npm install: it brings Node 24 into this folder.')];
