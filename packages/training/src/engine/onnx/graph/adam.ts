import type { AdamConstants } from "../../adam-step.js";
import type { GraphBuilder, Value } from "./graph-builder.js";

/** Names of one parameter's graph inputs; each output's name is its input's with `NEXT` behind. */
export interface AdamNames {
  readonly weight: Value;
  readonly moment: Value;
  readonly square: Value;
}

/** Added to the name of a parameter, or of its optimizer state, after the step. */
export const NEXT = ".next";

export function adamNames(weight: string): AdamNames {
  return { weight, moment: `${weight}.m`, square: `${weight}.u` };
}

/** Emits the step of `adam-step.ts` for any number of parameters that share their constants. */
export class AdamEmitter {
  readonly #graph: GraphBuilder;
  readonly #beta1: Value;
  readonly #beta2: Value;
  readonly #epsilon: Value;
  readonly #stepSize: Value;

  constructor(graph: GraphBuilder, constants: AdamConstants, stepSize: Value) {
    this.#graph = graph;
    this.#beta1 = graph.scalar(constants.beta1);
    this.#beta2 = graph.scalar(constants.beta2);
    this.#epsilon = graph.scalar(constants.epsilon);
    this.#stepSize = stepSize;
  }

  /**
   * @param weight - parameter that is already an input of the graph
   * @param gradient - scaled by 1 - beta1
   */
  emit(weight: Value, gradient: Value, dims: readonly number[]): void {
    const graph = this.#graph;
    const names = adamNames(weight);
    const moment = graph.input(names.moment, "float32", dims);
    const square = graph.input(names.square, "float32", dims);
    for (const name of Object.values(names)) graph.output(name + NEXT, "float32", dims);

    const kept = graph.node("Mul", [moment, this.#beta1]);
    const nextMoment = graph.node("Add", [kept, gradient], { name: names.moment + NEXT });
    const keptSquare = graph.node("Mul", [square, this.#beta2]);
    const gained = graph.node("Mul", [gradient, gradient]);
    const nextSquare = graph.node("Add", [keptSquare, gained], { name: names.square + NEXT });
    const root = graph.node("Add", [graph.node("Sqrt", [nextSquare]), this.#epsilon]);
    const change = graph.node("Div", [graph.node("Mul", [nextMoment, this.#stepSize]), root]);
    graph.node("Sub", [weight, change], { name: names.weight + NEXT });
  }
}
