/** What is said of each phase of a step, with its real numbers. */
import type { StepEvent } from '../../workers/client.ts';
import { fixed, short, whole } from '../format.ts';
import type { StepPhase } from '../state/slow.svelte.ts';
import { t } from '../text/text.svelte.ts';

export function captionOf(phase: StepPhase, event: StepEvent): string {
  const bags = event.detail?.bags ?? [];
  const segments = bags[0]?.scores.length ?? 0;
  switch (phase) {
    case 'sample': {
      const normal = bags.filter(({ label }) => label === 'normal').length;
      const again = bags.length - new Set(bags.map(({ id }) => id)).size;
      const twice =
        again > 0 ? t('Videos are drawn again ({n} times) where a label has too few.', { n: again }) : '';
      return [
        t('The step draws {n} bags: {normal} of normal videos, {anomalous} of anomalous ones.', {
          n: bags.length,
          normal,
          anomalous: bags.length - normal,
        }),
        twice,
        t('They are marked in the list of videos.'),
      ]
        .filter(Boolean)
        .join(' ');
    }
    case 'score': {
      const meanTop = (label: string) => {
        const tops = bags.filter((bag) => bag.label === label).map(({ scores }) => Math.max(...scores));
        return fixed(tops.reduce((sum, top) => sum + top, 0) / tops.length, 3);
      };
      return t(
        'The head as it stands scores the {n} segments of each bag. Highest scores are {normal} on average in normal bags and {anomalous} in anomalous ones.',
        { n: segments, normal: meanTop('normal'), anomalous: meanTop('anomalous') },
      );
    }
    case 'choose': {
      const counts = event.chosen.map((bag) => bag.segments.length);
      if (counts.length === 0)
        return t('This head chooses no segments: its loss sees a bag through all of them at once.');
      const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
      return t(
        most === 1
          ? 'Of {n} segments the loss sees a bag through {chosen} only: the ringed one, here and on the timeline.'
          : 'Of {n} segments the loss sees a bag through {chosen} only: the ringed ones, here and on the timeline.',
        {
          n: segments,
          chosen: fewest === most ? most : t('{from} to {to}', { from: fewest, to: most }),
        },
      );
    }
    case 'loss': {
      const terms = Object.entries(event.losses);
      const counted = terms.filter(([name]) => event.weights[name] !== 0).length;
      const loss = t(
        counted === 1
          ? 'The loss is {loss}: the weighted sum of one term'
          : 'The loss is {loss}: the weighted sum of {n} terms',
        { loss: short(event.total), n: counted },
      );
      const idle = terms.length - counted;
      return `${loss}${idle > 0 ? t('; {n} more count nothing in this step', { n: idle }) : ''}.`;
    }
    case 'update': {
      const layers = event.detail?.layers ?? [];
      const norm = (of: 'gradient' | 'change' | 'norm') => Math.hypot(...layers.map((layer) => layer[of]));
      const numbers = layers.reduce((sum, { size }) => sum + size, 0);
      const only =
        event.only === undefined ? '' : ` ${t('Only the phase “{phase}” was done.', { phase: event.only })}`;
      const moved = t(
        '{n} numbers move against their gradient, whose norm is {gradient}: by {change} in all, {share} % of their size.',
        {
          n: whole(numbers),
          gradient: short(norm('gradient')),
          change: short(norm('change')),
          share: short((100 * norm('change')) / norm('norm')),
        },
      );
      return moved + only;
    }
  }
}
