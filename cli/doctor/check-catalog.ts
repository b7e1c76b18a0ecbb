import { createCatalog } from '../../activities/catalog/catalog.ts';
import { CatalogError } from '../../activities/catalog/problem.ts';
import { type Check, fail, ok } from './finding.ts';

const silent = { info: () => undefined, error: () => undefined };

/** The catalog, with every problem that it has. */
export const checkCatalog =
  (path: string): Check =>
  async () => {
    try {
      const catalog = createCatalog(path, { logger: silent });
      const { services, people } = catalog.summary();
      catalog.close();
      return [ok('catalog', `${path}: ${services.length} services, ${people.length} people`)];
    } catch (error) {
      if (!(error instanceof CatalogError)) throw error;
      const todo = 'Correct it; it counts without a restart. quarterdeck.schema.json helps your editor.';
      return error.problems.map((problem) => fail('catalog', `${path}: ${problem}`, todo));
    }
  };
