import type { CatalogSummary } from '../../activities/catalog/catalog-summary.ts';

/** What the bot may know of the catalog; null when it cannot be read here, and the worker decides alone. */
export type GetCatalogSummary = () => CatalogSummary | null;
