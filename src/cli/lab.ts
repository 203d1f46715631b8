/**
 * `npm run lab -- <verb>`: the same workers as the page, driven from the command line. Results go to stdout, everything
 * else to stderr; bad input ends with one clear line and a code that is not 0.
 */
import { parseArgs } from 'node:util';
import { bench } from './verbs/bench.ts';
import { demo } from './verbs/demo.ts';
import { evaluate } from './verbs/evaluate.ts';
import { exhibit } from './verbs/exhibit.ts';
import { experiment } from './verbs/experiment.ts';
import { extract } from './verbs/extract.ts';
import { golden } from './verbs/golden.ts';
import { importing } from './verbs/import.ts';
import { inspect } from './verbs/inspect.ts';
import { merge } from './verbs/merge.ts';
import { pictures } from './verbs/pictures.ts';
import { score } from './verbs/score.ts';
import { simulate } from './verbs/simulate.ts';
import { train } from './verbs/train.ts';
import { UsageError, type Options, type Verb } from './verb.ts';

const verbs: Verb[] = [
  demo,
  extract,
  inspect,
  importing,
  train,
  score,
  evaluate,
  golden,
  simulate,
  experiment,
  merge,
  exhibit,
  pictures,
  bench,
];

const COMMON: Options = {
  backend: { type: 'string', default: 'auto' },
  seed: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

const COMMON_HELP = {
  backend: 'auto | webgpu | wasm | webgl | cpu',
  seed: 'whole number that drives everything random',
  json: 'one line of JSON, the last on stdout',
};

async function main(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2);
  const verb = verbs.find((candidate) => candidate.name === name);
  if (!verb) {
    const isAsking = name === undefined || name === '--help' || name === '-h';
    console.error(overview());
    if (!isAsking) throw new UsageError(`there is no verb "${name}"`);
    return;
  }
  const { values, positionals } = parse(verb, rest);
  if (values.help) {
    console.log(helpOf(verb));
    return;
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed))
    throw new UsageError(`--seed must be a whole number, not ${String(values.seed)}`);
  const backends = ['auto', 'webgpu', 'wasm', 'webgl', 'cpu'];
  if (!backends.includes(String(values.backend)))
    throw new UsageError(`--backend must be one of ${backends.join(', ')}`);
  const common = { backend: String(values.backend), seed, json: values.json === true };
  const result = await verb.run({ files: positionals, values: values as never, common });
  if (common.json) console.log(JSON.stringify(result));
}

function parse(verb: Verb, args: string[]) {
  try {
    return parseArgs({ args, options: { ...COMMON, ...verb.options }, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; see lab ${verb.name} --help`);
  }
}

function overview(): string {
  const lines = verbs.map(({ usage, does }) => `  lab ${usage}\n      ${does}`);
  return ['Usage: npm run lab -- VERB [options]; VERB --help says more', ...lines].join('\n');
}

function helpOf({ usage, does, options, help }: Verb): string {
  const line = (key: string, text: string) => `  --${key.padEnd(12)} ${text}`;
  const own = Object.keys(options).map((key) => line(key, help[key] ?? ''));
  const common = Object.entries(COMMON_HELP).map(([key, text]) => line(key, text));
  return [`lab ${usage}`, does, '', ...own, ...common].join('\n');
}

main().catch((error: unknown) => {
  console.error(`lab: ${plain(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});

/** The line that matters: what the page threw, without its stack. */
function plain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line] = text.split('\n');
  return line.replace(/^(page|jsHandle|elementHandle)\.\w+: /i, '').replace(/^(Error|Failure): /, '');
}
