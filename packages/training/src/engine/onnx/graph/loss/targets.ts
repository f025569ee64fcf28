import type { TargetForm } from "../../../../model/example-form.js";
import type { GraphBuilder, Value } from "../builder/graph-builder.js";

/** Emits float32 targets of shape (batch, width) from labels or values. */
export function emitTargets(
  graph: GraphBuilder,
  form: TargetForm,
  { targets, width }: { readonly targets: Value; readonly width: number },
): Value {
  switch (form) {
    case "one-hot": {
      const classNumbers = Int32Array.from({ length: width }, (_, index) => index);
      const isTarget = graph.node("Equal", [targets, graph.constant(classNumbers, [1, width])]);
      return graph.cast(isTarget, "float32");
    }
    case "binary":
      return graph.cast(targets, "float32");
    case "values":
      return targets;
  }
}

/**
 * Emits the number of correct examples: those whose largest output is at the label, of equal
 * outputs the first; or whose only output is above 1/2 for class 1. Emits 0 for values.
 */
export function emitCorrect(
  graph: GraphBuilder,
  form: TargetForm,
  { outputs, targets, name }: { readonly outputs: Value; readonly targets: Value; readonly name: string },
): void {
  if (form === "values") graph.node("Identity", [graph.scalar(0)], { name });
  else {
    const isRight = graph.node("Equal", [graph.cast(emitClass(graph, form, outputs), "int32"), targets]);
    graph.sum(graph.cast(isRight, "float32"), name);
  }
}

function emitClass(graph: GraphBuilder, form: "one-hot" | "binary", outputs: Value): Value {
  if (form === "binary") return graph.node("Greater", [outputs, graph.scalar(0.5)]);
  return graph.node("ArgMax", [outputs], { integers: { axis: 1, keepdims: 1 } });
}
