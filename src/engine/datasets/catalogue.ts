import { cityScene } from './cityscene.ts';
import type { Convention } from './dataset.ts';
import { plain } from './plain.ts';
import { shanghaiTech } from './shanghaitech.ts';
import { tad } from './tad.ts';
import { ucfCrime } from './ucf-crime.ts';
import { xdViolence } from './xd-violence.ts';

/** In the order in which they are tried; the last one is everything else. */
export const conventions: readonly Convention[] = [ucfCrime, xdViolence, shanghaiTech, tad, cityScene, plain];
