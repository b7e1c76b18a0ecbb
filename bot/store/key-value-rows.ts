import type { Kysely } from 'kysely';
import type { PlatformStore } from '../platform/platform-factory.ts';
import { toJson } from './json.ts';
import type { Schema } from './schema.ts';

/** The stored keys and values of one platform. The table is named `memory`. */
export const createKeyValueRows = (db: Kysely<Schema>, platform: string): PlatformStore => ({
  async get(key) {
    const row = await db
      .selectFrom('memory')
      .select('value')
      .where('platform', '=', platform)
      .where('key', '=', key)
      .executeTakeFirst();
    return row?.value ?? null;
  },

  async set(key, value) {
    const json = toJson(value);
    await db
      .insertInto('memory')
      .values({ platform, key, value: json })
      .onConflict((conflict) => conflict.columns(['platform', 'key']).doUpdateSet({ value: json }))
      .execute();
  },

  async delete(key) {
    await db.deleteFrom('memory').where('platform', '=', platform).where('key', '=', key).execute();
  },
});
