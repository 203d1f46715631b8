/**
 * Which head a file of weights belongs to, told by the names of its tensors, and which configuration, told by their
 * shapes. What does not follow from shapes (pooling, inference, losses) is as the head's released code has it.
 */
import { Failure } from '../failure.ts';
import { Random } from '../random.ts';
import { headById } from './catalogue.ts';
import { resolveConfig, type Config, type ConfigValue } from './config.fields.ts';
import type { Dims, Parameters } from './head.ts';

export interface Recognised {
  head: string;
  config: Config;
  dims: Dims;
  /** Under the head's own names. */
  parameters: Parameters;
}

/** Tensors in which a file differs from what a head needs, in words. */
export interface Differences {
  missing: string[];
  unexpected: string[];
  /** As `"fc1.weight" is [32,64] and should be [32,6144]`. */
  reshaped: string[];
}

type Shape = readonly number[];
/** Length of an axis of a tensor; undefined where it is not there. */
type Length = (name: string, axis: number) => number | undefined;

/** A network that weights may be of. */
interface Known {
  head: string;
  /** Names that no other network has. */
  mark: RegExp;
  /** What is taken of the fields that shapes do not tell. */
  preset?: string;
  features(length: Length): number | undefined;
  /** Fields that follow from names and shapes; undefined ones stay as they are. */
  fields(length: Length, has: (prefix: string) => boolean): Record<string, ConfigValue | undefined>;
  classes?(length: Length): number | undefined;
}

/** Those with the plainest names come last: what has more is one of the others. */
const NETWORKS: readonly Known[] = [
  {
    head: 'rtfm',
    mark: /^Aggregate\./,
    preset: 'code',
    features: (at) => at('Aggregate.conv_1.0.weight', 1),
    fields: (at) => {
      const [inputs, channels] = [at('Aggregate.conv_1.0.weight', 1), at('Aggregate.conv_1.0.weight', 0)];
      const reduction = inputs && channels ? inputs / channels : undefined;
      return { reduction, hidden1: at('fc1.weight', 0), hidden2: at('fc2.weight', 0) };
    },
  },
  {
    head: 'gcn',
    mark: /^gc\d\./,
    preset: 'code',
    features: (at) => at('fc1.weight', 1),
    fields: (at) => ({
      hidden1: at('fc1.weight', 0),
      hidden2: at('fc2.weight', 0),
      graph: at('gc1.weight', 1),
      classifier: at('classifier.fc1.weight', 0),
    }),
  },
  {
    head: 'wsal',
    mark: /^(fc1_1|fc1_2|fc2_1|fc2_2)\./,
    preset: 'code',
    features: (at) => at('fc0.weight', 1),
    fields: (at) => ({
      hidden1: at('fc0.weight', 0),
      hidden2: at('fc1_1.weight', 0),
      window: reach(at('conv.weight', 2)),
    }),
  },
  {
    head: 'wsal',
    mark: /^(hce|sem)\./,
    preset: 'paper',
    features: (at) => at('fc1.weight', 1),
    fields: (at, has) => ({
      hidden1: at('fc1.weight', 0),
      hidden2: at('fc2.weight', 0),
      context: at('hce.weight', 0),
      contextEncoding: (at('hce.weight', 2) ?? 3) > 1,
      window: reach(at('hce.weight', 2)) || undefined,
      semantics: has('sem.'),
    }),
  },
  {
    head: 'mgfn',
    mark: /^(to_tokens|to_mag|stages\.\d)/,
    preset: 'code',
    features: (at) => at('to_tokens.weight', 1),
    fields: (at, has) => {
      const depth = (stage: number) => {
        let layers = 0;
        while (has(`stages.${stage}.0.layers.${layers}.`)) layers++;
        return layers || undefined;
      };
      const heads = at('stages.1.0.layers.0.1.rel_pos.weight', 0);
      const values = at('stages.1.0.layers.0.1.to_v.weight', 0);
      return {
        stage1: at('to_tokens.weight', 0),
        stage2: at('stages.0.1.1.weight', 0),
        stage3: at('stages.1.1.1.weight', 0),
        depth1: depth(0),
        depth2: depth(1),
        depth3: depth(2),
        headSize: heads && values ? values / heads : undefined,
      };
    },
  },
  {
    head: 'mgfn',
    mark: /^block[12]\./,
    preset: 'paper',
    features: (at) => at('reduce.weight', 1),
    fields: (at, has) => {
      const [first, second] = [has('block1.q.'), has('block2.q.')];
      const isFusion = at('block2.scc.weight', 0) !== at('expand.weight', 0);
      return {
        width1: at('reduce.weight', 0),
        width2: at('expand.weight', 0),
        structure: second ? 'FG' : !first ? 'FF' : isFusion ? 'GF_fusion' : 'GF',
        amplify: has('fam.'),
        norm: has('block1.ffn.norm.'),
        headNorm: has('head_norm.'),
      };
    },
  },
  {
    head: 'salient',
    mark: /^(self_anttention|bilstm)\./,
    preset: 'paper',
    features: (at) => at('bilstm.weight_ih_l0', 1) ?? at('self_anttention.0.weight', 1),
    fields: (at, has) => {
      let layers = 0;
      while (has(`bilstm.weight_ih_l${layers}`)) layers++;
      return {
        recurrent: layers > 0,
        lstmUnits: at('bilstm.weight_hh_l0', 1),
        lstmLayers: layers || undefined,
        attend: has('self_anttention.'),
        attentionUnits: at('self_anttention.0.weight', 0),
        attentionRows: at('self_anttention.2.weight', 0),
        hidden: at('fc1.weight', 0),
      };
    },
  },
  {
    head: 'gig',
    mark: /^phi[12]\./,
    features: (at) => at('phi1.weight', 1),
    fields: () => ({}),
    classes: (at) => (at('phi1.weight', 0) ?? 1) - 1,
  },
  {
    head: 'mgpr',
    mark: /^(tube|temporal)\.(fc|q|k|v)/,
    features: (at) => at('tube.fc1.weight', 1),
    fields: (at, has) => ({
      relation: has('tube.q.') ? 'attention' : has('tube.graph.') ? 'graph' : 'none',
      hidden1: at('tube.fc1.weight', 0),
      hidden2: at('tube.fc2.weight', 0),
    }),
  },
  {
    head: 'sultani',
    mark: /^fc3\./,
    preset: 'code',
    features: (at) => at('fc1.weight', 1),
    fields: (at) => ({ hidden1: at('fc1.weight', 0), hidden2: at('fc2.weight', 0) }),
  },
];

/** Half of a window, from how many taps it has. */
const reach = (taps: number | undefined) => (taps === undefined ? undefined : (taps - 1) / 2);

/** Whether names are those of a head's weights, as far as names tell. */
export function isHead(names: Iterable<string>): boolean {
  return networkOf([...names].map(plainName)) !== undefined;
}

/**
 * Finds the head that weights are of.
 * @param file what to call it in messages
 * @throws Failure `weights-mismatch` naming every tensor that is missing, unexpected or of another shape
 */
export function recogniseHead(tensors: Parameters, file: string): Recognised {
  const parameters: Parameters = new Map();
  for (const [name, array] of tensors)
    if (!name.endsWith('num_batches_tracked')) parameters.set(plainName(name), array);
  const names = [...parameters.keys()];
  const network = networkOf(names);
  if (!network)
    throw new Failure({
      code: 'weights-mismatch',
      subject: file,
      what: `Its tensors (${listed(names)}) are named like those of no head that is known here.`,
      next: 'Save the state dict of the head itself, under the names that its authors gave.',
    });
  const length: Length = (name, axis) => parameters.get(name)?.shape[axis];
  const has = (prefix: string) => names.some((name) => name.startsWith(prefix));
  const { card } = headById(network.head);
  const told = Object.entries(network.fields(length, has)).filter(([, value]) => value !== undefined);
  const values = {
    ...(network.preset ? card.presets[network.preset]?.values : {}),
    ...Object.fromEntries(told),
  };
  let config: Config;
  try {
    config = resolveConfig(card, undefined, values);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure({
      code: 'weights-mismatch',
      subject: file,
      what: `Its shapes are not those of the head "${card.title}": ${error.what}`,
    });
  }
  const classes = network.classes?.(length);
  const dims: Dims = { features: network.features(length) ?? 1, ...(classes ? { classes } : {}) };
  refuseDifferent(network.head, config, dims, parameters, file);
  return { head: network.head, config, dims, parameters };
}

/** What a run says of its weights. */
export interface Told {
  head: string;
  config: Config;
  /** D */
  features?: number;
  classes?: readonly string[];
}

/**
 * Compares the weights of a run with what its head needs. Dimensions are those of the weights: what a file says of them
 * may be anything.
 * @throws Failure `weights-mismatch` naming what differs
 */
export function refuseUnlike(
  { head, config, features, classes }: Told,
  parameters: Parameters,
  file: string,
): void {
  const names = [...parameters.keys()];
  const network = NETWORKS.find((own) => own.head === head && names.some((name) => own.mark.test(name)));
  const length: Length = (name, axis) => {
    const array = parameters.get(name);
    return array && array.values.length > 0 ? array.shape[axis] : undefined;
  };
  const own = network?.classes?.(length);
  // A head without parts of its own has the layers that all have.
  const size = network?.features(length) ?? length('fc1.weight', 1) ?? 1;
  refuseDifferent(head, config, { features: size, ...(own ? { classes: own } : {}) }, parameters, file);
  const refuse = (what: string): never => {
    throw new Failure({ code: 'weights-mismatch', subject: file, what, next: 'Save the run again.' });
  };
  if (features !== undefined && features !== size)
    refuse(`It says that its features have ${features} numbers, and its weights read ${size}.`);
  if (own && classes?.length && classes.length !== own)
    refuse(`It names ${classes.length} classes, and its weights tell ${own} apart.`);
}

/**
 * Compares weights with what a head needs.
 * @throws Failure `weights-mismatch` naming every tensor that is missing, unexpected or of another shape
 */
export function refuseDifferent(
  head: string,
  config: Config,
  dims: Dims,
  parameters: Parameters,
  file: string,
): void {
  const { missing, unexpected, reshaped } = differencesOrSize(head, config, dims, parameters);
  const parts = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(unexpected.length > 0 ? [`unexpected: ${listed(unexpected)}`] : []),
    ...(reshaped.length > 0 ? [`of another shape: ${listed(reshaped)}`] : []),
  ];
  if (parts.length === 0) return;
  throw new Failure({
    code: 'weights-mismatch',
    subject: file,
    what: `These are not the weights of the head "${headById(head).card.title}" as it is here; ${parts.join('; ')}.`,
    next: 'Save the whole state dict, or choose the file that belongs to this head.',
  });
}

/** The same of dimensions out of a file, which may be those of no network that fits into memory. */
function differencesOrSize(head: string, config: Config, dims: Dims, parameters: Parameters): Differences {
  try {
    return differences(head, config, dims, parameters);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const reads = `those for features of ${dims.features} numbers, which are more than fits into memory`;
    return { missing: [], unexpected: [], reshaped: [reads] };
  }
}

/** Tensor by tensor. */
export function differences(
  head: string,
  config: Config,
  dims: Dims,
  parameters: ReadonlyMap<string, { shape: Shape }>,
): Differences {
  const needed = headById(head).init(config, dims, new Zeros());
  const found: Differences = { missing: [], unexpected: [], reshaped: [] };
  for (const [name, { shape }] of needed) {
    const given = parameters.get(name)?.shape;
    if (!given) found.missing.push(name);
    else if (given.join() !== shape.join())
      found.reshaped.push(`"${name}" is [${given.join()}] and should be [${shape.join()}]`);
  }
  for (const name of parameters.keys()) if (!needed.has(name)) found.unexpected.push(name);
  return found;
}

/** The network whose own names occur. */
function networkOf(names: readonly string[]): Known | undefined {
  return NETWORKS.find(({ mark }) => names.some((name) => mark.test(name)));
}

/** Without what wrapping in `DataParallel` puts in front. */
const plainName = (name: string) => name.replace(/^module\./, '');

const MOST_LISTED = 12;

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_LISTED;
  return names.slice(0, MOST_LISTED).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

/** Draws nothing, where only the shapes count. */
class Zeros extends Random {
  constructor() {
    super(0);
  }
  override stream(): Random {
    return this;
  }
  override uniform(): number {
    return 0;
  }
  override between(): number {
    return 0;
  }
  override normal(): number {
    return 0;
  }
}
