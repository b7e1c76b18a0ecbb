import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const script = (notes: string, terraform: string): string => `#!/bin/sh
[ "$1" = apply ] && date +%s%N >> '${notes}'
[ "$2" = only-note ] || exec '${terraform}' "$@"
`;

/** A Terraform that writes down when it begins to apply. */
export interface RecordingTerraform {
  readonly path: string;
  /** When the one apply since `forget` began; ms since the epoch. */
  applied(): Promise<number>;
  forget(): Promise<void>;
}

export const createRecordingTerraform = async (
  folder: string,
  terraform: string,
): Promise<RecordingTerraform> => {
  const path = join(folder, 'noting-terraform');
  const notes = join(folder, 'terraform-notes');
  await writeFile(path, script(notes, terraform), { mode: 0o755 });
  return {
    path,
    async applied() {
      const [time, ...others] = (await readFile(notes, 'utf8')).trim().split('\n').map(Number);
      if (!time || others.length > 0) throw new Error(`terraform apply was begun ${others.length + 1} times`);
      return time / 1e6;
    },
    forget: () => writeFile(notes, ''),
  };
};
