import type { ApprovalRule } from '../../workflows/contract/target.ts';
import { approvalRules } from './build-target.ts';
import type { CatalogFile } from './schema.ts';

/** An environment as help and early refusals need it. */
interface EnvironmentSummary {
  readonly name: string;
  /** null: goes through without a question. Groups are resolved. */
  readonly approval: ApprovalRule | null;
}

interface ServiceSummary {
  readonly name: string;
  /** The first is the default. */
  readonly environments: readonly EnvironmentSummary[];
}

/** What may be named, and by whom: for help, suggestions and early refusals. The worker decides. */
export interface CatalogSummary {
  readonly services: readonly ServiceSummary[];
  readonly stacks: readonly string[];
  /** Every e-mail that the catalog names, sorted. */
  readonly people: readonly string[];
}

export const emptyCatalogSummary: CatalogSummary = { services: [], stacks: [], people: [] };

/** The catalog without its commands and addresses. */
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
