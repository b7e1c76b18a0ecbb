import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const script = (notes: string, terraform: string): string => `#!/bin/sh
[ "$1" = apply ] && date +%s%N >> '${notes}'
[ "$2" = only-note ] || exec '${terraform}' "$@"
`;

/** A Terraform that records when each apply starts. */
export interface RecordingTerraform {
  readonly path: string;
  /** When the only apply since `forget` started, in ms since the epoch. */
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
      if (!time || others.length > 0)
        throw new Error(`terraform apply was started ${others.length + 1} times`);
      return time / 1e6;
    },
    forget: () => writeFile(notes, ''),
  };
};
