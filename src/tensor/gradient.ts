/**
 * Reverse-mode differentiation. It walks the graph from a scalar back to the given tensors and applies each operator's
 * gradient rule. The gradients are new nodes of the same graph, so they can be differentiated again.
 */
import { GlobeError } from '../core/errors.ts';
import { printShape } from './dims.ts';
import { add, constant, zerosLike } from './operators/elementwise.ts';
import { type Node, programError, sourceLine, type Tensor, reachable } from './tensor.ts';

export type GradientOptions = {
  /**
   * What to do if the loss does not depend on a tensor: throw an error (the default), or return zeros as the gradient.
   */
  readonly ifUnused?: 'throw' | 'zero';
};

/**
 * Builds the gradients of a scalar loss with respect to the tensors `of`. The results have the order and shapes of
 * these tensors. Throws `invalid-input` if the loss is not a real scalar, does not depend on a tensor, or depends on it
 * through an operator without a gradient. The error names the operator and the line that built it.
 */
export function gradients(loss: Tensor, of: readonly Tensor[], { ifUnused = 'throw' }: GradientOptions = {}): Tensor[] {
  if (loss.shape.length > 0 || loss.dtype !== 'float') {
    throw noGradient(loss, 'only a real scalar has a gradient; sum or average the tensor first.');
  }
  const nodes = reachable([loss]);
  const needed = new Set<Node>(of.map((t) => t.node));
  for (const node of nodes) if (node.inputs.some((t) => needed.has(t.node))) needed.add(node);

  const received = new Map<Tensor, Tensor>([[loss, constant(1)]]);
  for (const node of nodes.toReversed()) {
    const gs = node.outputs.map((t) => received.get(t));
    if (gs.every((g) => g === undefined)) continue;
    if (!node.inputs.some((t) => needed.has(t.node) && t.dtype === 'float')) continue;
    for (const [i, contribution] of contributions(node, gs).entries()) {
      const input = node.inputs[i]!;
      if (contribution === undefined || !needed.has(input.node)) continue;
      const sum = received.get(input);
      received.set(input, sum === undefined ? contribution : add(sum, contribution));
    }
  }
  return of.map((tensor) => {
    const gradient = received.get(tensor);
    if (gradient !== undefined) return gradient;
    if (ifUnused === 'zero' && tensor.dtype === 'float') return zerosLike(tensor);
    const built = sourceLine(loss.node.site);
    throw noGradient(tensor, `the loss built at ${built} does not depend on this tensor in a differentiable way.`);
  });
}

function contributions(node: Node, gs: readonly (Tensor | undefined)[]): readonly (Tensor | undefined)[] {
  const { operator, inputs, outputs, attributes, site } = node;
  if (operator.gradient === undefined) {
    throw programError(
      operator.name,
      'this operator has no gradient, but the loss needs one. To exclude the operator from the gradient, wrap it in stopGradient.',
      inputs,
      site,
    );
  }
  const g = gs[0] ?? zerosLike(outputs[0]!);
  const result = operator.gradient({ node, inputs, outputs, g, gs, attributes });
  for (const [i, gradient] of result.entries()) {
    if (gradient !== undefined && printShape(gradient.shape) !== printShape(inputs[i]!.shape)) {
      throw new GlobeError({
        code: 'internal',
        message: `The gradient rule of ${operator.name} made ${printShape(gradient.shape)} for an input of ${printShape(inputs[i]!.shape)}.`,
      });
    }
  }
  return result;
}

function noGradient(tensor: Tensor, message: string): GlobeError {
  return programError('gradients', message, [tensor], tensor.node.site);
}
