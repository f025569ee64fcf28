import { classTargets } from "../classes/classes.js";
import { type Predictions, type RowWeights, rowCount } from "../contract/metric.js";

/** Rows with one score for a class. */
export interface Tie {
  /** Sum of the weights of the class's rows. */
  readonly positive: number;
  /** Sum of the weights of the other rows. */
  readonly negative: number;
}

/** Reduces the ties of one class, highest score first. */
type Reduce = (ties: Iterable<Tie>) => number;

/**
 * Prepares a metric of the order of scores. Its value is that of class 1 of two; or the mean over
 * all classes, whose scores are the outputs.
 */
export function rankingMetric(predictions: Predictions, reduce: Reduce): (weights: RowWeights) => number {
  const { classes } = classTargets(predictions);
  const ranked = classes === 2 ? [1] : Array.from({ length: classes }, (_, of) => of);
  const rankings = ranked.map((of) => new Ranking(predictions, of));
  return (weights) => {
    return rankings.reduce((sum, ranking) => sum + reduce(ranking.ties(weights)), 0) / rankings.length;
  };
}

/** The rows of a set by falling score for one class. */
class Ranking {
  readonly #order: Uint32Array;
  readonly #scores: Float32Array;
  readonly #isPositive: Uint8Array;

  constructor(predictions: Predictions, of: number) {
    const { labels } = classTargets(predictions);
    const { outputs, width } = predictions;
    const column = width === 1 ? 0 : of;
    const scores = Float32Array.from({ length: rowCount(predictions) }, (_, row) => {
      return outputs[row * width + column] as number;
    });
    const order = Uint32Array.from(scores, (_, row) => row);
    order.sort((a, b) => (scores[b] as number) - (scores[a] as number));
    this.#order = order;
    this.#scores = Float32Array.from(order, (row) => scores[row] as number);
    this.#isPositive = Uint8Array.from(order, (row) => (labels[row] === of ? 1 : 0));
  }

  /** Yields the rows of each score, without rows of weight 0. */
  *ties(weights: RowWeights): Generator<Tie> {
    let [positive, negative] = [0, 0];
    for (let place = 0; place < this.#order.length; place++) {
      const weight = weights[this.#order[place] as number] as number;
      if (this.#isPositive[place] === 1) positive += weight;
      else negative += weight;
      if (this.#scores[place] === this.#scores[place + 1] || positive + negative === 0) continue;
      yield { positive, negative };
      [positive, negative] = [0, 0];
    }
  }
}
