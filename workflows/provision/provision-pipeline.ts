import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../contract/search-attributes.ts';
import { provisionStages } from '../contract/stage.ts';
import { readPayload, withPreviousRevision } from '../contract/stored-views.ts';
import type { StackTarget } from '../contract/target.ts';
import type { Pipeline, PipelineParts } from '../run/pipeline.ts';
import { createPlanStages, type TerraformCode } from '../run/plan-stages.ts';
import type { ProvisionProxies } from './provision-proxies.ts';

type StackInput = Omit<TerraformCode, 'revision' | 'target'> & { readonly target: StackTarget };

/** The stages of a provision, from the copy of the stack's files to the outputs. */
export const createProvisionPipeline = (
  parts: PipelineParts & { readonly activities: ProvisionProxies },
): Pipeline<StackTarget> => {
  const { run, activities, runStage } = parts;
  const terraform = createPlanStages(parts);

  /** Fixes the files that are planned and applied, so it precedes every plan. */
  const initialize = async (input: StackInput): Promise<TerraformCode> => {
    const { revision } = await runStage('terraform_init', async (attempt) =>
      readPayload(await activities.terraform_init({ ...input, attempt })),
    );
    return withPreviousRevision({ ...input, revision });
  };

  return {
    // The stack's files can have changed before a retry, so all stages run again.
    resume: () => {
      terraform.invalidatePlan(true);
      run.stages.reset(provisionStages);
    },
    work: async (target, _grant, outcome) => {
      upsertSearchAttributes([{ key: searchAttributes.directory, value: target.directory }]);
      const { workflowId, kind } = run.view;
      const input = { workflowId, target, ...(kind === 'destroy' ? { destroy: true } : {}) };
      let code: TerraformCode | null = null;
      const fetchCode = async (): Promise<TerraformCode> => {
        code = await initialize(input);
        return code;
      };
      const result = await terraform.approveAndApply(fetchCode, outcome);
      if (result === 'denied' || result === 'expired' || !code)
        return result === 'applied' ? 'succeeded' : result;
      await terraform.readOutputs(code);
      return result === 'applied' ? 'succeeded' : 'no_changes';
    },
  };
};
