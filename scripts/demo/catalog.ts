/** How the demo's image is built: `none` where neither an engine nor buildah is to be had. */
export type DemoBuilder = 'auto' | 'none';

/** The demo's catalog. Paths are meant from its own folder. */
export const demoCatalog = (
  builder: DemoBuilder,
): string => `# yaml-language-server: $schema=../../quarterdeck.schema.json
# The demo's catalog, made by \`npm start\`. A change counts at once, without a restart. To deploy services
# of your own, write a quarterdeck.yaml in the project's folder; README.md tells what may stand in it.
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
  # The policy objects: whoever approves must say why.
  admin-user:
    directory: stacks/admin-user
    backend: { path: state/admin-user.tfstate }
    approval: { approvers: [ada@example.com, group:platform], when: on-policy-failure }
  # The policy forbids it.
  account-owner:
    directory: stacks/account-owner
    backend: { path: state/account-owner.tfstate }
  # Needs an account of Temporal Cloud.
  tcloud-namespace:
    directory: stacks/tcloud-namespace
    backend: { path: state/tcloud-namespace.tfstate }
    requires: [TEMPORAL_CLOUD_API_KEY]
groups:
  platform: [ada@example.com, grace@example.com]
`;
