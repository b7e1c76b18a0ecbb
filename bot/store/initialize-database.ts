// Separate file: a program that runs in its own process (see database.ts).
import { PGlite } from '@electric-sql/pglite';

const [, , directory = ''] = process.argv;
const database = await PGlite.create(directory);
await database.close();
process.exit();
