import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder of Terraform providers that this machine has, with this one in it; null when there is none. */
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

/** Settings of Terraform that take providers from a folder alone. */
export const mirrorSettings = (folder: string): string =>
  `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(folder)}\n  }\n}\n`;
