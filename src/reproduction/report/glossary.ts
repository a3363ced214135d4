/** The words of the page, for those who meet them for the first time. */
export const GLOSSARY: readonly { readonly word: string; readonly meaning: string }[] = [
  { word: 'base', meaning: 'The model before the training that is shown here.' },
  {
    word: 'SFT',
    meaning: 'Supervised fine-tuning: the model learns to write given texts, here the verified reasonings of others.',
  },
  {
    word: 'GRPO',
    meaning:
      'Group-relative policy optimization: the model answers each photo many times; answers that earn more reward than the average of their group become more likely, the others less.',
  },
  {
    word: 'reward',
    meaning:
      'What an answer earns: the right country and city, things named that the photo does show, the asked form, and, where a judge takes part, a photo that can be placed at all.',
  },
  { word: 'KL', meaning: 'How far the trained model has moved from the base, per token.' },
  { word: 'held out', meaning: 'Photos that no training saw, some of them of cities that no training saw.' },
  {
    word: '95 % interval',
    meaning: 'Where the number would mostly lie if the experiment were made again with other photos.',
  },
];
