import { execa } from 'execa';
import type { DemoBuilder } from './catalog.ts';

const answers = async (file: string, args: readonly string[]): Promise<boolean> =>
  !(await execa(file, args, { reject: false, timeout: 5000, stdio: 'ignore' })).failed;

/** The demo must also run where there is no Docker: then it deploys without an image. */
export const findBuilder = async (): Promise<DemoBuilder> => {
  const found = await Promise.all([
    answers('docker', ['version', '--format', '{{.Server.Version}}']),
    answers('buildah', ['--version']),
  ]);
  return found.includes(true) ? 'auto' : 'none';
};
