/** A part of the spec that gets a heading and a table of its keys. */
export interface Section {
  readonly title: string;
  /** Depth of the heading. */
  readonly level: 2 | 3 | 4;
  /** Keys that lead to the mapping; `*` for a mapping by name. */
  readonly path: readonly string[];
  /** Paragraph above the table. */
  readonly text: string;
  /** Variants to show, by one of their type names; all by default. */
  readonly variants?: readonly string[];
}

const RATE = ["training", "optimizer", "learningRate"];
const KERNEL = ["model", "layers", "kernelInitializer"];

/** Sections of docs/spec.md, in order. */
export const SECTIONS: readonly Section[] = [
  { title: "Top level", level: 2, path: [], text: "" },
  { title: "dataset", level: 2, path: ["dataset"], text: "" },
  { title: "dataset.split", level: 3, path: ["dataset", "split"], text: "" },
  { title: "program", level: 2, path: ["program"], text: "" },
  { title: "program.metrics", level: 3, path: ["program", "metrics"], text: "" },
  { title: "objective", level: 2, path: ["objective"], text: "" },
  {
    title: "objectives",
    level: 2,
    path: ["objectives"],
    text:
      "A study with several objectives ends with a front: the trials that keep the limits and that no other such " +
      "trial beats in every objective. [0032](decisions/0032-several-objectives.md) has the rules. Pruners other " +
      "than `none` and `threshold`, `selection`, `warmStart`, `budget.minImprovement`, `budget.maxGap` and the " +
      "oracle `keras-tuner` know one objective only, and are refused.",
  },
  {
    title: "budget",
    level: 2,
    path: ["budget"],
    text:
      "The first limit that is reached ends the search, and the study's message says which. Trials under way are " +
      "then cancelled, except for one that may need no further epoch: [0030](decisions/0030-budgets-of-a-study.md).",
  },
  {
    title: "resources",
    level: 2,
    path: ["resources"],
    text:
      "[operations.md](operations.md#resources-of-studies) says how a trainer comes to have them, and who gets " +
      "which trial.",
  },
  {
    title: "oracle",
    level: 2,
    path: ["oracle"],
    text: "[oracle/model.md](oracle/model.md) explains the Bayesian oracle.",
  },
  {
    title: "selection",
    level: 2,
    path: ["selection"],
    text:
      "A rule that cannot be followed gives way, and the result says so: " +
      "[0011](decisions/0011-selection-of-the-best.md).",
  },
  {
    title: "parameters",
    level: 2,
    path: ["parameters"],
    text: "A mapping from names to parameters, at most 64. Each has one of five types.",
  },
  { title: "Double parameter", level: 3, path: ["parameters", "*"], text: "", variants: ["double"] },
  { title: "Integer parameter", level: 3, path: ["parameters", "*"], text: "", variants: ["integer"] },
  { title: "Categorical parameter", level: 3, path: ["parameters", "*"], text: "", variants: ["categorical"] },
  { title: "Boolean parameter", level: 3, path: ["parameters", "*"], text: "", variants: ["boolean"] },
  {
    title: "Fixed parameter",
    level: 3,
    path: ["parameters", "*"],
    text: "A value with a name, for a study that does not tune it.",
    variants: ["fixed"],
  },
  { title: "warmStart", level: 2, path: ["warmStart"], text: "" },
  { title: "model", level: 2, path: ["model"], text: "" },
  { title: "Dense layer", level: 3, path: ["model", "layers"], text: "", variants: ["Dense"] },
  {
    title: "kernelRegularizer",
    level: 4,
    path: ["model", "layers", "kernelRegularizer"],
    text: "",
  },
  {
    title: "Initializers",
    level: 4,
    path: KERNEL,
    text: "Each initializer draws from a random stream of its own, which follows from the trial's seed.",
  },
  { title: "Dropout layer", level: 3, path: ["model", "layers"], text: "", variants: ["Dropout"] },
  {
    title: "BatchNormalization layer",
    level: 3,
    path: ["model", "layers"],
    text: "",
    variants: ["BatchNormalization"],
  },
  { title: "training", level: 2, path: ["training"], text: "" },
  { title: "adam", level: 3, path: ["training", "optimizer"], text: "", variants: ["adam"] },
  { title: "adamw", level: 3, path: ["training", "optimizer"], text: "", variants: ["adamw"] },
  { title: "sgd", level: 3, path: ["training", "optimizer"], text: "", variants: ["sgd"] },
  { title: "rmsprop", level: 3, path: ["training", "optimizer"], text: "", variants: ["rmsprop"] },
  {
    title: "Learning-rate schedules",
    level: 3,
    path: RATE,
    text: "A schedule counts optimizer steps from 0. ReduceLROnPlateau cannot stand beside a schedule, as in Keras.",
  },
  { title: "Loss", level: 3, path: ["training", "loss"], text: "" },
  { title: "ReduceLROnPlateau", level: 3, path: ["training", "callbacks"], text: "", variants: ["ReduceLROnPlateau"] },
  { title: "EarlyStopping", level: 3, path: ["training", "callbacks"], text: "", variants: ["EarlyStopping"] },
  {
    title: "TerminateOnNaN",
    level: 3,
    path: ["training", "callbacks"],
    text:
      "Ends training at the first batch whose loss is not finite; the epochs before it count. " +
      "Without this callback such a batch makes the trial infeasible.",
    variants: ["TerminateOnNaN"],
  },
  { title: "published", level: 2, path: ["published"], text: "" },
];
