/**
 * A loop inside the graph (ONNX Loop), for example for generation. Nodes of the body that do not depend on the state
 * are computed once, before the loop. A loop has no gradient.
 */
import { type Dim, sameShape } from '../dims.ts';
import { apply, define, mismatch, type Node, type Operator, type Spec, type Tensor, reachable } from '../tensor.ts';

type Named = Readonly<Record<string, Tensor>>;

type LoopAttributes = {
  readonly iterations: Dim;
  readonly iteration: Tensor;
  readonly parameters: readonly Tensor[];
  readonly next: readonly Tensor[];
  readonly stacked: readonly Tensor[];
  readonly proceed: Tensor | undefined;
};

const parameter = define<Spec>({
  name: 'loopState',
  infer: (_, spec) => spec,
  emit: () => {
    throw new Error("A loop's state was used outside of its loop.");
  },
});

const loopOperator: Operator<LoopAttributes> = {
  name: 'loop',
  infer(_, { parameters, next, stacked, proceed, iterations }) {
    for (const [i, { dtype, shape }] of parameters.entries()) {
      const fits = next[i]!.dtype === dtype && sameShape(next[i]!.shape, shape);
      if (!fits)
        mismatch(
          `the body changes state ${i} from ${dtype}[${shape.join(', ')}] to ${next[i]!.dtype}[${next[i]!.shape.join(', ')}]. Keep its type and shape.`,
        );
    }
    if (proceed !== undefined && (proceed.dtype !== 'bool' || proceed.shape.length > 0))
      mismatch('`proceed` must be a boolean scalar.');
    if (proceed !== undefined && stacked.length > 0)
      mismatch(
        'a loop with `proceed` cannot stack outputs, because their number is unknown. Store the values in the state.',
      );
    return [...next, ...stacked.map(({ dtype, shape }) => ({ dtype, shape: [iterations, ...shape] }))];
  },
  emit(e, inputs, { attributes: { iterations, iteration, parameters, next, stacked, proceed } }) {
    const graph = e.subgraph(() => {
      const counter = e.freshName();
      const condition = e.freshName();
      const state = parameters.map((t) => e.valueInfo(e.freshName(), t));
      for (const [i, t] of parameters.entries()) e.bind(t, state[i]!.name);
      e.bind(iteration, e.cast(counter, 'int32'));
      e.emitAll([...next, ...stacked, ...(proceed === undefined ? [] : [proceed])]);
      const scalar = (name: string, elemType: number) => ({
        name,
        type: { tensorType: { elemType, shape: { dim: [] } } },
      });
      const go = e.op('Identity', [proceed === undefined ? condition : e.value(proceed)]);
      const results = [...next, ...stacked].map((t) => e.result(t, e.freshName()));
      return { input: [scalar(counter, 7), scalar(condition, 9), ...state], output: [scalar(go, 9), ...results] };
    });
    const count = e.op('Squeeze', [e.shape([iterations])]);
    const initial = inputs.slice(0, parameters.length);
    return e.ops(
      'Loop',
      [count, e.constant('bool', [], [1]), ...initial],
      { body: { graph } },
      next.length + stacked.length,
    );
  },
};

export type LoopBody<S extends Named, O extends Named> = {
  readonly state: S;
  /** Values that every iteration outputs, stacked along a new first axis. */
  readonly outputs?: O;
  /** Boolean scalar. If it is false, the loop ends after this iteration. */
  readonly proceed?: Tensor;
};

/**
 * Repeats `body` up to `iterations` times. The shapes of the state never change. `iteration` is 0, 1, ... (int32).
 * Returns the last state and the stacked outputs [iterations, ...].
 */
export function loop<S extends Named, O extends Named = Named>(options: {
  readonly state: S;
  readonly iterations: Dim;
  readonly body: (state: S, iteration: Tensor) => LoopBody<S, O>;
}): { state: S; outputs: O } {
  const { state, iterations, body } = options;
  const names = Object.keys(state);
  const initial = Object.values(state);
  const parameters = initial.map(({ dtype, shape }) => parameter([], { dtype, shape }));
  const iteration = parameter([], { dtype: 'int32', shape: [] });
  const result = body(Object.fromEntries(names.map((name, i) => [name, parameters[i]!])) as S, iteration);
  const stackedNames = Object.keys(result.outputs ?? {});
  const stacked = Object.values(result.outputs ?? {});
  const next = names.map((name) => result.state[name]!);
  const { proceed } = result;
  const all = [...next, ...stacked, ...(proceed === undefined ? [] : [proceed])];
  const attributes = { iterations, iteration, parameters, next, stacked, proceed };
  const outputs = apply(loopOperator, [...initial, ...captured(all, [...parameters, iteration])], attributes);
  const named = (keys: readonly string[], offset: number): Named =>
    Object.fromEntries(keys.map((key, i) => [key, outputs[offset + i]!]));
  return { state: named(names, 0) as S, outputs: named(stackedNames, names.length) as O };
}

/**
 * Finds the outside values that the body uses. These are inputs of the body's nodes that do not depend on the body's
 * parameters.
 */
function captured(results: readonly Tensor[], parameters: readonly Tensor[]): Tensor[] {
  const inside = new Set<Node>(parameters.map((t) => t.node));
  const outside = new Set(results);
  for (const node of reachable(results)) {
    if (!node.inputs.some((t) => inside.has(t.node))) continue;
    inside.add(node);
    for (const input of node.inputs) outside.add(input);
  }
  return [...outside].filter((t) => !inside.has(t.node));
}
