import type { ApprovalRule } from '../../workflows/contract/target.ts';
import { approvalRules } from './build-target.ts';
import type { CatalogFile } from './schema.ts';

/** An environment, for help and early checks. */
interface EnvironmentSummary {
  readonly name: string;
  /** null: no plan needs approval, unless it violates the policy. Groups are resolved. */
  readonly approval: ApprovalRule | null;
}

interface ServiceSummary {
  readonly name: string;
  /** The first is the default. */
  readonly environments: readonly EnvironmentSummary[];
}

/** The catalog's names and approval rules, for help, suggestions and early checks. The worker decides. */
export interface CatalogSummary {
  readonly services: readonly ServiceSummary[];
  readonly stacks: readonly string[];
  /** All emails of the catalog, sorted. */
  readonly people: readonly string[];
}

/** The summary while no catalog is active. */
export const emptyCatalogSummary: CatalogSummary = { services: [], stacks: [], people: [] };

/** Summarizes a catalog, without its commands and URLs. */
export const createCatalogSummary = (catalog: CatalogFile): CatalogSummary => {
  const services = Object.entries(catalog.services).map(([name, { environments }]) => ({
    name,
    environments: Object.entries(environments).map(([environment, entry]) => ({
      name: environment,
      approval: approvalRules(entry?.approval, catalog.groups).approval,
    })),
  }));
  const approvers = [
    ...services.flatMap(({ environments }) =>
      environments.flatMap(({ approval }) => approval?.approvers ?? []),
    ),
    ...Object.values(catalog.stacks).flatMap(
      ({ approval }) => approvalRules(approval, catalog.groups).override.approvers,
    ),
  ];
  const members = Object.values(catalog.groups).flat();
  return {
    services,
    stacks: Object.keys(catalog.stacks),
    people: [...new Set([...approvers, ...members])].sort(),
  };
};
