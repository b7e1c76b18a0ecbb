import { PGlite } from '@electric-sql/pglite';

const [, , directory = ''] = process.argv;
const made = await PGlite.create(directory);
await made.close();
process.exit();
