import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const script = (notes: string, terraform: string): string => `#!/bin/sh
echo "$1 $(date +%s%N)" >> '${notes}'
[ "$2" = only-note ] || exec '${terraform}' "$@"
`;

/** A Terraform that writes down when it was started, and with which word. */
export interface NotingTerraform {
  readonly path: string;
  /** When it was started with this word since the last `forget`; ms since the epoch. */
  times(word: string): Promise<readonly number[]>;
  forget(): Promise<void>;
}

export const makeNotingTerraform = async (folder: string, terraform: string): Promise<NotingTerraform> => {
  const path = join(folder, 'noting-terraform');
  const notes = join(folder, 'terraform-notes');
  await writeFile(path, script(notes, terraform), { mode: 0o755 });
  await writeFile(notes, '');
  return {
    path,
    async times(word) {
      const lines = (await readFile(notes, 'utf8')).split('\n').map((line) => line.split(' '));
      return lines.filter(([said]) => said === word).map(([, nanoseconds]) => Number(nanoseconds) / 1e6);
    },
    forget: () => writeFile(notes, ''),
  };
};
