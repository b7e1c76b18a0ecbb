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
groups:
  platform: [ada@example.com, grace@example.com]
`;
