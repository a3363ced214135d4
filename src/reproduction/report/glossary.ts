/** Explanations of the page's terms for newcomers. */
export const GLOSSARY: readonly { readonly word: string; readonly meaning: string }[] = [
  { word: 'base', meaning: 'The model before the training on this page.' },
  {
    word: 'SFT',
    meaning: 'Supervised fine-tuning: the model learns to write example texts, here verified reasonings of annotators.',
  },
  {
    word: 'GRPO',
    meaning:
      'Group-relative policy optimization: the model answers each photo many times; answers that earn more reward than the average of their group become more likely, the others less.',
  },
  {
    word: 'reward',
    meaning:
      'The score of an answer: it counts the right country and city, named things that the photo shows, the requested format and, with a judge, how well the photo can be placed at all.',
  },
  { word: 'KL', meaning: 'The distance between the trained model and the base, per token.' },
  { word: 'held-out', meaning: 'Photos that training never sees; some show cities that training never sees.' },
  {
    word: '95 % interval',
    meaning: 'The range in which the number would mostly be if the experiment were repeated with other photos.',
  },
];
