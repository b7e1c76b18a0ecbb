import { execa } from 'execa';
import { parseVerdict } from '../activities/policy/parse-verdict.ts';
import { toPolicyInput } from '../activities/policy/policy-activities.ts';
import { createWasmEngine, shippedPolicyDir } from '../activities/policy/shipped-policy.ts';
import { findOpa } from '../scripts/tools/find-tool.mjs';
import { sampleStack } from '../workflows/testing/samples.ts';
import { type Figure, quantile } from './results.ts';

const resources = 2000;
const rounds = 9;

const plan = {
  format_version: '1.2',
  errored: false,
  resource_changes: Array.from({ length: resources }, (_, index) => ({
    address: `aws_iam_policy.thing[${index}]`,
    mode: 'managed',
    type: index % 4 === 0 ? 'aws_iam_policy' : 'aws_security_group',
    name: 'thing',
    index,
    change: {
      actions: index % 3 === 0 ? ['update'] : ['create'],
      before: index % 3 === 0 ? { name: `thing-${index}`, ingress: [] } : null,
      after: {
        name: `thing-${index}`,
        policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] }),
        ingress: [{ cidr_blocks: ['10.0.0.0/8'], ipv6_cidr_blocks: [], from_port: 443, to_port: 443 }],
        tags: { team: 'platform', service: 'web', environment: 'production' },
      },
      after_unknown: { id: true, arn: true },
    },
  })),
};

const measure = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** Compares the compiled rules in this process with an OPA program that is started for each plan. */
export const bench = async (): Promise<readonly Figure[]> => {
  const engine = await createWasmEngine();
  const opa = findOpa();
  if (opa === null) {
    console.log('policy: not measured, because OPA is not installed. Run npm test once, or set OPA_BIN.');
    return [];
  }
  const input = toPolicyInput(plan, { target: sampleStack('network') });
  const text = JSON.stringify(input);
  const args = [
    'eval',
    '--format=json',
    '--stdin-input',
    '--data',
    shippedPolicyDir,
    'data.quarterdeck.result',
  ];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(
      await measure(async () =>
        parseVerdict(engine.name, await engine.evaluate(JSON.parse(text) as typeof input)),
      ),
    );
    theirs.push(await measure(() => execa(opa, args, { input: text })));
  }
  return [
    {
      name: 'policy on a plan of 2,000 resources in-process, compared with opa eval',
      value: quantile(ours, 0.5),
      floor: quantile(theirs, 0.5),
      unit: 'ms',
      aim: 0.5,
    },
  ];
};
