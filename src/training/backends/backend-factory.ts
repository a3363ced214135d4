/** The interface that opens the models of a training run. Each kind of backend has its own factory. */
import type { GrpoRecipe, PolicyRecipe } from '../recipe.ts';
import type { FrozenModel, TrainingBackend } from './training-backend.ts';

export interface BackendFactory {
  /** Opens the model to train. For a new model, calls `texts` and builds the vocabulary from the result. */
  open(recipe: PolicyRecipe, texts: () => Iterable<string>): Promise<TrainingBackend>;
  /**
   * Opens a frozen copy of the initial policy, which the KL term compares the policy with. The copy can share the
   * threads of `policy`, so dispose of the copy first.
   */
  reference(recipe: GrpoRecipe, policy: TrainingBackend): Promise<FrozenModel>;
}
