// `npm run bench [name …]`: measures every figure and its floor, and prints a JSON line for each and a table.
import { type Figure, score } from './results.ts';

const benches: Record<string, () => Promise<{ bench: () => Promise<readonly Figure[]> }>> = {
  ack: () => import('./ack.ts'),
  approve: () => import('./approve.ts'),
  deployment: () => import('./deployment.ts'),
  history: () => import('./history.ts'),
  'teams-invoke': () => import('./teams-invoke.ts'),
  'junk-tokens': () => import('./junk-tokens.ts'),
  waiting: () => import('./waiting.ts'),
  provision: () => import('./provision.ts'),
  encryption: () => import('./encryption.ts'),
  policy: () => import('./policy.ts'),
  'plan-summary': () => import('./plan-summary.ts'),
};

const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, load] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { bench } = await load();
  for (const figure of await bench()) {
    console.log(JSON.stringify({ bench: name, ...figure, score: score(figure) }));
    figures.push(figure);
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
console.table(
  figures.map((figure) => ({
    figure: figure.name,
    value: `${round(figure.value)} ${figure.unit}`,
    floor: figure.floor === null ? '' : `${round(figure.floor)} ${figure.unit}`,
    'ratio or value': round(score(figure)),
    aim: figure.aim,
    met: score(figure) <= figure.aim ? 'yes' : 'NO',
  })),
);
process.exit(0);
