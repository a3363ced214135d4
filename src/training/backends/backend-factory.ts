/** Opens the models of a training run. Each kind of backend has a factory; the caller chooses one. */
import type { GrpoRecipe, PolicyRecipe } from '../recipe.ts';
import type { TrainingBackend } from './training-backend.ts';

export interface BackendFactory {
  /** Opens the model to train. Only a new model reads `texts`, to build its vocabulary. */
  open(recipe: PolicyRecipe, texts: () => Iterable<string>): Promise<TrainingBackend>;
  /** Opens the frozen initial policy, which is the reference of the KL term. */
  reference(recipe: GrpoRecipe): Promise<TrainingBackend>;
}
