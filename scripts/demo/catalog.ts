/** How the demo builds its image: `none` without a Docker engine and buildah. */
export type DemoBuilder = 'auto' | 'none';

/** The text of the demo's catalog. Its paths are relative to its folder. */
export const createDemoCatalog = (
  builder: DemoBuilder,
): string => `# yaml-language-server: $schema=../../quarterdeck.schema.json
# The demo's catalog, made by \`npm start\`. A change takes effect without a restart. To deploy
# your services, write a quarterdeck.yaml in the project's folder; docs/catalog.md describes it.
services:
  web:
    repo: ./web.git
    branch: main
    install: npm ci
    test: npm test
    image: { name: web, dockerfile: Dockerfile, builder: ${builder} }
    terraform: terraform
    environments:
      preview:
        approval: none
        terraform:
          backend: { path: state/preview.tfstate }
          variables: { replicas: 1 }
      production:
        approval: { required: 1, approvers: [ada@example.com, group:platform], selfApproval: false, timeout: 10m }
        terraform:
          backend: { path: state/production.tfstate }
stacks:
  network:
    directory: stacks/network
    backend: { path: state/network.tfstate }
    drift: every 6h
  cluster:
    directory: stacks/cluster
    backend: { path: state/cluster.tfstate }
    dependsOn: [network]
  # Policy warning: approving requires a reason.
  admin-user:
    directory: stacks/admin-user
    backend: { path: state/admin-user.tfstate }
    approval: { approvers: [ada@example.com, group:platform], when: on-policy-failure }
  # Policy violation: cannot be overridden.
  account-owner:
    directory: stacks/account-owner
    backend: { path: state/account-owner.tfstate }
  # Requires a Temporal Cloud account.
  tcloud-namespace:
    directory: stacks/tcloud-namespace
    backend: { path: state/tcloud-namespace.tfstate }
    requires: [TEMPORAL_CLOUD_API_KEY]
groups:
  platform: [ada@example.com, grace@example.com]
`;
