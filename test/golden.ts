/** The fixtures of `../shared/golden` on one backend: the same checks in Node and in a browser. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { checkFixture } from '../src/engine/golden/check.ts';
import { parseFixture } from '../src/engine/golden/fixture.ts';
import { readShared, sharedIsHere } from './shared.ts';

const named = (method: string, cases: string) => cases.split(' ').map((name) => `${method}_${name}`);

/** What computes with tensors, and so on every backend. */
export const tensorFixtures = [
  ...named('sultani_code', 'base dropout one_plus_one one_segment constant_normal'),
  ...named('sultani_paper', 'base dropout one_plus_one one_segment constant_normal'),
  ...named('rtfm_code', 'base dropout small_margin short_video one_segment one_plus_one constant_normal'),
  ...named('gcn_code', 'normal_video abnormal_video'),
  ...named('wsal_code', 'base dropout one_plus_one one_segment two_segments constant_normal'),
  ...named(
    'wsal_paper',
    'base eq12_printed_sign border_mirror dropout hinge_inactive margin_only one_plus_one one_segment constant_normal',
  ),
  ...named(
    'mgfn_code',
    'base full_depth strong_contrast select_dropout short_video one_segment one_plus_one constant_normal',
  ),
  ...named(
    'mgfn_paper',
    'GF FF FG GF_fusion sac_all sac_temporal literal_no_norm mc_mean short_video one_segment one_plus_one constant_normal',
  ),
  ...named('gig_paper', 'base input_gradient reductions dropout k_and_p_clipped constant'),
  ...named('mgpr_paper', 'base alternation bag_guidance variable_counts one_plus_one inference'),
  ...named('salient_code', 'base dropout inference one_segment constant'),
  ...named('salient_bilstm', 'base inference one_segment'),
  'heads_watanabe_io',
  ...named(
    'ops',
    'argmax_ties attention_pool batchnorm bce bilstm_1layer bilstm_2layer channel_layernorm contrastive conv_1x1 conv_depthwise_k5 conv_dilation2 conv_dilation4 conv_replicate_k5 conv_zero_k3 cosine focus_layout ' +
      'gelu glance_attention layernorm mc_distance mhsa_relation nonlocal ranking_hinges sac_all_none sac_all_rms sac_channel_none sac_channel_rms sac_temporal_none sac_temporal_rms second_order_variation topk_k_larger_than_T topk_ties variation_one_segment',
  ),
];

/** What is plain arithmetic on the CPU. */
export const plainFixtures = [
  ...named(
    'pure',
    'crop_average dataset_metrics expand gaussian_filter ground_truth mf1 pool_linspace_rounding pool_process_feat pool_sultani32 pool_wsal_pad ranking_metrics tubes',
  ),
  ...named(
    'optim',
    'adagrad_torch adagrad_keras adagrad_halving adam adam_l2 radam radam_wd radam_beta2_098 sgd_momentum',
  ),
];

/** Declares the tests of the given fixtures; `prepare` chooses the backend. */
export function describeFixtures(
  backend: string,
  prepare: () => Promise<void>,
  fixtures: readonly string[],
): void {
  describe.skipIf(!sharedIsHere)(`fixtures on ${backend}`, () => {
    test.each(fixtures)('%s', { timeout: 60_000 }, async (name) => {
      await prepare();
      expect(tf.getBackend()).toBe(backend);
      const [json, bytes] = [
        await readShared(`golden/${name}.json`),
        await readShared(`golden/${name}.safetensors`),
      ];
      if (!json) throw new Error(`fixture ${name} is missing`);
      const fixture = parseFixture(name, new TextDecoder().decode(json), bytes);
      const errors = await checkFixture(fixture, readShared);
      const failed = Object.entries(errors).filter(([, error]) => !(error <= 1));
      expect(failed, 'error in units of the tolerance').toEqual([]);
      expect(Object.keys(errors).length).toBeGreaterThan(0);
    });
  });
}
