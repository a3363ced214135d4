/** Damages answers in the ways that real models do: cut off, fenced, chatty, wrongly quoted or empty. */
import type { Random } from '../../core/random.ts';
import type { Completion } from '../../vision/vision-model.ts';

type Damage = (text: string, random: Random) => Completion;

const stop = (text: string): Completion => ({ text, finishReason: 'stop' });

/** A lenient parser can read the first three kinds, but not the others. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  fenced: (text) => stop(`Here is my annotation:\n\`\`\`json\n${text}\n\`\`\`\nLet me know if you need more.`),
  'trailing comma': (text) => stop(text.replace(/\}$/, ',}')),
  'single quotes': (text) => stop(text.replaceAll("'", '’').replaceAll('"', "'")),
  'cut off': (text, random) => ({
    text: text.slice(0, Math.floor(text.length * (0.2 + 0.5 * random.next()))),
    finishReason: 'length',
  }),
  prose: (text) => stop((JSON.parse(text) as { reasoning: string }).reasoning),
  empty: () => stop(''),
};

export function damaged(text: string, random: Random): Completion {
  const kinds = Object.values(DAMAGES);
  return kinds[random.integer(kinds.length)]!(text, random);
}
