/** Opens the models of a training run. Each kind of backend has its own factory. */
import type { GrpoRecipe, PolicyRecipe } from '../recipe.ts';
import type { FrozenModel, TrainingBackend } from './training-backend.ts';

export interface BackendFactory {
  /** Opens the model to train. `texts` is called only for a new model, to build its vocabulary. */
  open(recipe: PolicyRecipe, texts: () => Iterable<string>): Promise<TrainingBackend>;
  /**
   * Opens a frozen copy of the initial policy, as the reference of the KL term. It can share the threads of `policy`, so
   * dispose of it first.
   */
  reference(recipe: GrpoRecipe, policy: TrainingBackend): Promise<FrozenModel>;
}
