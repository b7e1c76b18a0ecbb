import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdDecompress } from 'node:zlib';
import { execa } from 'execa';

const archive = new URL('./previous-version.tar.zst', import.meta.url);

/** Unpacks the data directory that the version before left behind; see make-fixture.sh. */
export const unpackPreviousVersion = async (folder: string): Promise<void> => {
  const tar = execa('tar', ['-xf', '-', '-C', folder]);
  const decompress = createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 27 } });
  await Promise.all([pipeline(createReadStream(archive), decompress, tar.stdin), tar]);
};
