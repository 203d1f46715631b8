/** What is said of each phase of a step, with its real numbers. */
import type { StepEvent } from '../../workers/client.ts';
import { short } from '../format.ts';
import type { StepPhase } from '../state/slow.svelte.ts';

export function captionOf(phase: StepPhase, event: StepEvent): string {
  const bags = event.detail?.bags ?? [];
  const segments = bags[0]?.scores.length ?? 0;
  switch (phase) {
    case 'sample': {
      const normal = bags.filter(({ label }) => label === 'normal').length;
      const again = bags.length - new Set(bags.map(({ id }) => id)).size;
      const twice = again > 0 ? ` Videos are drawn again (${again} times) where a label has too few.` : '';
      return `The step draws ${bags.length} bags: ${normal} of normal videos, ${bags.length - normal} of anomalous ones.${twice} They are marked in the list of videos.`;
    }
    case 'score': {
      const meanTop = (label: string) => {
        const tops = bags.filter((bag) => bag.label === label).map(({ scores }) => Math.max(...scores));
        return (tops.reduce((sum, top) => sum + top, 0) / tops.length).toFixed(3);
      };
      return `The head as it stands scores the ${segments} segments of each bag. Highest scores are ${meanTop('normal')} on average in normal bags and ${meanTop('anomalous')} in anomalous ones.`;
    }
    case 'choose': {
      const counts = event.chosen.map((bag) => bag.segments.length);
      if (counts.length === 0)
        return 'This head chooses no segments: its loss sees a bag through all of them at once.';
      const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
      return `Of ${segments} segments the loss sees a bag through ${fewest === most ? most : `${fewest} to ${most}`} only: the ringed ${most === 1 ? 'one' : 'ones'}, here and on the timeline.`;
    }
    case 'loss': {
      const terms = Object.entries(event.losses);
      const counted = terms.filter(([name]) => event.weights[name] !== 0).length;
      return `The loss is ${short(event.total)}: the weighted sum of ${counted === 1 ? 'one term' : `${counted} terms`}${counted < terms.length ? `; ${terms.length - counted} more count nothing in this step` : ''}.`;
    }
    case 'update': {
      const layers = event.detail?.layers ?? [];
      const norm = (of: 'gradient' | 'change' | 'norm') => Math.hypot(...layers.map((layer) => layer[of]));
      const numbers = layers.reduce((sum, { size }) => sum + size, 0);
      const only = event.only === undefined ? '' : ` Only the phase “${event.only}” was done.`;
      return `${numbers.toLocaleString('en')} numbers move against their gradient, whose norm is ${short(norm('gradient'))}: by ${short(norm('change'))} in all, ${short((100 * norm('change')) / norm('norm'))} % of their size.${only}`;
    }
  }
}
