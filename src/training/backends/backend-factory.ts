/** Opens the models of a training: each kind of backend has one, and the composition chooses it. */
import type { GrpoRecipe, PolicyRecipe } from '../recipe.ts';
import type { TrainingBackend } from './training-backend.ts';

export interface BackendFactory {
  /** The model that the recipe trains. `texts` make the vocabulary of a new model, and are read only then. */
  open(recipe: PolicyRecipe, texts: () => Iterable<string>): Promise<TrainingBackend>;
  /** The policy before training, frozen: KL is measured from it. */
  reference(recipe: GrpoRecipe): Promise<TrainingBackend>;
}
