/** WSAL as its fixtures name things. */
import * as tf from '@tensorflow/tfjs-core';
import { resolveConfig } from '../../heads/config.fields.ts';
import type { Network } from '../../heads/head.ts';
import { wsal } from '../../heads/wsal.ts';
import { byHalf, tensor, twoHalves, type Adapter } from '../adapter.ts';

export const wsalAdapter: Adapter = {
  network: wsal as Network<never>,
  config: ({ notes: { config: c }, name }) => {
    const isCode = name.startsWith('wsal_code');
    return resolveConfig(wsal.card, undefined, {
      network: isCode ? 'code' : 'paper',
      hidden1: isCode ? c.hidden : c.hidden1,
      hidden2: isCode ? c.embed : c.hidden2,
      window: isCode ? (Number(c.kernel) - 1) / 2 : c.k,
      dropout: c.dropout,
      margin: c.margin,
      lambdaSparse: isCode ? c.lambda_sum : c.beta,
      learningRate: c.optimizer.lr,
      ...(isCode
        ? { lambdaSmooth: c.lambda_smooth }
        : {
            context: c.hce,
            border: c.variation_border,
            locationSign: c.location_sign,
            lambdaEnhance: c.lambda_enhance,
          }),
    });
  },
  batch: (fixture) => {
    const names = {
      noise: 'noise',
      pseudoNormal: 'pseudo_normal',
      pseudoAbnormal: 'pseudo_abnormal',
      pseudoMask: 'pseudo_mask',
      pseudoCoef: 'pseudo_coef',
      pseudoSource: 'pseudo_source',
    };
    const extras: Record<string, tf.Tensor> = {};
    for (const [own, name] of Object.entries(names)) {
      const array = fixture.tensors.get(`input.${name}`);
      if (array) extras[own] = tensor(array);
    }
    return { ...twoHalves(fixture), extras };
  },
  mask: ({ tensors }, site) => {
    const parts = ['normal', 'abnormal', 'noise', 'pseudo'].map((part) =>
      tensors.get(`mask.${site}_${part}`),
    );
    const present = parts.filter((part) => part !== undefined);
    return present.length > 0 ? tf.concat(present.map(tensor)) : null;
  },
  outputs: (output, { normal }) => {
    const { semantic, variation, scores, context, distance, noise, pseudo, pseudoFeatures } = output;
    const isCode = output.embedding !== undefined;
    const halves = byHalf(
      isCode
        ? { semantic, dynamic: variation, final: scores, distance }
        : { semantic, variation, final: scores, context },
      normal,
    );
    if (noise) halves.final_noise = noise;
    if (pseudo) Object.assign(halves, { final_pseudo: pseudo, pseudo_features: pseudoFeatures });
    return halves;
  },
};
