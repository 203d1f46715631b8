/**
 * How fast streets are drawn, with shadows, in a worker, on whatever WebGL the browser has: per world by day and in a
 * rainy night. The peer is a bare street of 240 boxes in three.js, measured in turns with ours.
 */
import { join } from 'node:path';
import { build } from 'vite';
import { openLab } from '../../src/cli/page.ts';
import type { Bench } from '../../src/cli/verbs/bench.ts';
import type { ConditionWishes } from '../../src/engine/scenes/conditions.ts';
import { STREET_RATE, STREET_SIZE } from '../../src/engine/scenes/street.ts';
import { WORLD_IDS } from '../../src/engine/scenes/worlds/catalogue.ts';
import type { Costs, StreetBench } from './street.page.ts';

const CONDITIONS: Record<string, ConditionWishes> = {
  'clear day': { daylight: 'day', weather: 'clear', density: 1 },
  'rainy night': { daylight: 'night', weather: 'rain', density: 1 },
};
/** Seconds that each is drawn for, in each of the rounds. */
const SECONDS = 2;
const ROUNDS = 3;
const PEER = '240 boxes';

const street: Bench = {
  does: `frames a second of streets at ${STREET_SIZE.width}x${STREET_SIZE.height} with shadows, and what a frame costs`,

  async run() {
    const script = await bundle();
    const lab = await openLab({ backend: 'wasm' });
    try {
      // A page of its own on the same server, without the policy that forbids foreign scripts.
      const context = await lab.browser.newContext();
      await context.route('**/street/**', (route) =>
        route.request().url().endsWith('.js')
          ? route.fulfill({ body: script, contentType: 'text/javascript' })
          : route.fulfill({
              body: '<script type="module" src="page.js"></script>',
              contentType: 'text/html',
            }),
      );
      const page = await context.newPage();
      await page.addInitScript('globalThis.__name = (wrapped) => wrapped');
      await page.goto(new URL('street/', lab.address).href);
      await page.waitForFunction(() => 'streetBench' in globalThis);
      const rounds = new Map<string, Costs[]>();
      let silence = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const subjects = WORLD_IDS.flatMap((world) =>
          Object.entries(CONDITIONS).map(([name, conditions]) => ({
            name: `${world}, ${name}`,
            options: { world, conditions, seed: round, seconds: 60 },
          })),
        );
        for (const { name, options } of [{ name: PEER, options: null }, ...subjects]) {
          const { costs, longest } = await page.evaluate(
            async ({ options, seconds }) => {
              const { streetBench } = globalThis as unknown as { streetBench: StreetBench };
              const { measureStreet, measureBoxes, silenceDuring } = streetBench;
              let costs: Costs;
              const longest = await silenceDuring(async () => {
                costs = await (options ? measureStreet(options, seconds) : measureBoxes(seconds));
              });
              return { costs: costs!, longest };
            },
            { options, seconds: SECONDS },
          );
          rounds.set(name, [...(rounds.get(name) ?? []), costs]);
          silence = Math.max(silence, longest);
        }
      }
      const figures = Object.fromEntries([...rounds].map(([name, costs]) => [name, summary(costs)]));
      for (const [name, { framesPerSecond, simulation, drawing, compression }] of Object.entries(figures))
        console.error(
          `${name.padEnd(22)} ${framesPerSecond.toFixed(1).padStart(6)} frames/s  (simulation ${simulation.toFixed(1)}, drawing ${drawing.toFixed(1)}, JPEG ${compression.toFixed(1)} ms)`,
        );
      const ours = Object.entries(figures).filter(([name]) => name !== PEER);
      const slowest = ours.reduce((a, b) => (b[1].framesPerSecond < a[1].framesPerSecond ? b : a));
      console.error(
        `slowest: ${slowest[0]}, ${slowest[1].framesPerSecond.toFixed(1)} frames/s where ${STREET_RATE} are due; the page was silent for ${silence.toFixed(0)} ms at most`,
      );
      return {
        unit: 'milliseconds per frame; frames per second without JPEG',
        figures,
        pageSilenceMs: silence,
      };
    } finally {
      await lab.close();
    }
  },
};

export default street;

/** Medians of the rounds. */
function summary(costs: readonly Costs[]): Costs & { framesPerSecond: number } {
  const median = (key: keyof Costs) => {
    const values = costs.map((one) => one[key]).sort((a, b) => a - b);
    return values[Math.floor(values.length / 2)];
  };
  const [simulation, drawing, compression] = [median('simulation'), median('drawing'), median('compression')];
  return { framesPerSecond: 1000 / (simulation + drawing), simulation, drawing, compression };
}

async function bundle(): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: join(import.meta.dirname, 'street.page.ts') },
    },
  })) as unknown as { output: { type: string; code?: string }[] };
  return output.find(({ type }) => type === 'chunk')!.code!;
}
