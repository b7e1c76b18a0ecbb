import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder of Terraform providers on this machine that has this provider; null without one. */
export const findProviderMirror = async (provider: string): Promise<string | null> => {
  for await (const found of glob(`/{opt,usr/share,usr/local/share}/*/${provider}`))
    return join(
      found,
      ...dirname(`${provider}/.`)
        .split('/')
        .map(() => '..'),
    );
  return null;
};

/** Terraform settings that install providers only from a folder. */
export const mirrorSettings = (folder: string): string =>
  `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(folder)}\n  }\n}\n`;
