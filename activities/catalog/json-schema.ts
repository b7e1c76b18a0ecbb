import { z } from 'zod';
import { catalogSchema } from './schema.ts';

/** The JSON Schema by which editors complete and check `quarterdeck.yaml`. */
export const catalogJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(catalogSchema, { io: 'input', target: 'draft-7' }),
  title: 'Quarterdeck catalog',
});
