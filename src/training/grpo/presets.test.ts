import { describe, expect, it } from 'vitest';
import golden from './fixtures/golden-grpo.json' with { type: 'json' };
import { policyLoss } from './policy-loss.ts';
import { grpoPreset, type GrpoPresetName } from './presets.ts';

const { inputs } = golden;

describe('grpoPreset', () => {
  it.each<[GrpoPresetName, keyof typeof golden.trl_losses]>([
    ['globe', 'grpo/eps0.2/beta0.001'],
    ['grpo', 'grpo/eps0.2/beta0.04'],
    ['dr-grpo', 'dr_grpo/eps0.2'],
    ['dapo', 'dapo/clip_higher_0.28'],
    ['gspo', 'gspo = grpo + sequence level, eps 3e-4/4e-4'],
    ['cispo', 'cispo/eps_high=5.0'],
  ])('%s equals TRL under that name', (name, key) => {
    const { loss } = policyLoss(
      {
        logprobs: inputs.logps,
        oldLogprobs: inputs.old_logps,
        referenceLogprobs: inputs.ref_logps,
        mask: inputs.mask,
        advantages: inputs.advantages_used_in_loss,
      },
      grpoPreset(name, { maxCompletionTokens: inputs.max_completion_length }).loss,
    );
    expect(loss).toBeCloseTo(golden.trl_losses[key].loss, 9);
  });

  it('sets what the loss does not hold: scaling for Dr.GRPO, resampling and the length filter for DAPO', () => {
    const setting = (name: GrpoPresetName) => {
      const { advantage, dynamicSampling, overlongFilter } = grpoPreset(name, { maxCompletionTokens: 8 });
      return { advantage, dynamicSampling, overlongFilter };
    };
    const plain = { advantage: {}, dynamicSampling: false, overlongFilter: false };
    expect(setting('dr-grpo')).toEqual({ ...plain, advantage: { scale: 'none' } });
    expect(setting('dapo')).toEqual({ advantage: {}, dynamicSampling: true, overlongFilter: true });
    for (const name of ['globe', 'grpo', 'gspo', 'cispo'] as const) expect(setting(name)).toEqual(plain);
  });

  it('rejects an unknown name', () => {
    expect(() => grpoPreset('ppo' as GrpoPresetName, { maxCompletionTokens: 8 })).toThrow('"ppo"');
  });
});
