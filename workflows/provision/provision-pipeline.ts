import { upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../contract/search-attributes.ts';
import { provisionStages } from '../contract/stage.ts';
import { readPayload, withPreviousRevision } from '../contract/stored-views.ts';
import type { StackTarget } from '../contract/target.ts';
import type { Pipeline, PipelineParts } from '../run/pipeline.ts';
import { createPlanStages, type TerraformCode } from '../run/terraform.ts';
import type { ProvisionProxies } from './provision-proxies.ts';

type StackInput = Omit<TerraformCode, 'revision' | 'target'> & { readonly target: StackTarget };

/** The stages of a provision, from the copy of the stack's files to the outputs. */
export const createProvisionPipeline = (
  parts: PipelineParts & { readonly activities: ProvisionProxies },
): Pipeline<StackTarget> => {
  const { run, activities, perform } = parts;
  const terraform = createPlanStages(parts);

  /** Which files are planned and applied is settled here, so it goes before every plan. */
  const initialise = async (input: StackInput): Promise<TerraformCode> => {
    const { revision } = await perform('terraform_init', async (attempt) =>
      readPayload(await activities.terraform_init({ ...input, attempt })),
    );
    return withPreviousRevision({ ...input, revision });
  };

  return {
    // Whoever retries may have mended the stack's files, so all of it is done again.
    resume: () => {
      terraform.planAgain(true);
      run.stages.reset(provisionStages);
    },
    work: async (target, _turn, leaves) => {
      upsertSearchAttributes([{ key: searchAttributes.directory, value: target.directory }]);
      const { workflowId, kind } = run.view;
      const input = { workflowId, target, ...(kind === 'destroy' ? { destroy: true } : {}) };
      let code: TerraformCode | null = null;
      const fetchCode = async (): Promise<TerraformCode> => {
        code = await initialise(input);
        return code;
      };
      const ended = await terraform.decideAndApply(fetchCode, leaves);
      if (ended === 'denied' || ended === 'expired' || !code)
        return ended === 'applied' ? 'succeeded' : ended;
      await terraform.readOutputs(code);
      return ended === 'applied' ? 'succeeded' : 'no_changes';
    },
  };
};
