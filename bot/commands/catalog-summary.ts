import type { CatalogOutline } from '../../activities/catalog/outline.ts';

/** What the bot may know of the catalog; null when it cannot be read here, and the worker decides alone. */
export type GetCatalogSummary = () => CatalogOutline | null;
