import { classTargets } from "../classes/classes.js";
import { type Predictions, type RowWeights, rowCount } from "../contract/metric.js";

/** The ties of one class: rows with the same score, highest score first. */
export interface Ties {
  /** Number of ties; the arrays may be longer. */
  readonly count: number;
  /** Sum of the weights of each tie's rows of the class. */
  readonly positive: Float64Array;
  /** Sum of the weights of each tie's other rows. */
  readonly negative: Float64Array;
}

/** Reduces the ties of one class. */
type Reduce = (ties: Ties) => number;

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
  /** Ties of the last call, whose memory the next one uses. */
  readonly #positive: Float64Array;
  readonly #negative: Float64Array;

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
    this.#positive = new Float64Array(order.length);
    this.#negative = new Float64Array(order.length);
  }

  /** Returns the ties of the rows whose weight is not 0. The next call overwrites them. */
  ties(weights: RowWeights): Ties {
    const [order, scores, isPositive] = [this.#order, this.#scores, this.#isPositive];
    let [positive, negative, count] = [0, 0, 0];
    for (let place = 0; place < order.length; place++) {
      const weight = weights[order[place] as number] as number;
      if (isPositive[place] === 1) positive += weight;
      else negative += weight;
      if (scores[place] === scores[place + 1] || positive + negative === 0) continue;
      this.#positive[count] = positive;
      this.#negative[count++] = negative;
      positive = 0;
      negative = 0;
    }
    return { count, positive: this.#positive, negative: this.#negative };
  }
}
