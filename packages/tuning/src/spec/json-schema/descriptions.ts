/** Meaning of a key, and an example value where the meaning does not give one away. */
export type Description = readonly [meaning: string, example?: unknown];

const INITIALIZER: Readonly<Record<string, Description>> = {
  type: ["Initializer, by Keras' name or alias. A name alone stands for the defaults.", "HeNormal"],
  value: ["Value of every entry.", 0.1],
  mean: ["Mean of the normal distribution.", 0],
  stddev: ["Standard deviation of the normal distribution.", "$stddev"],
  minval: ["Lower end of the uniform distribution; at most maxval.", -0.05],
  maxval: ["Upper end of the uniform distribution.", 0.05],
  scale: ["Factor of the variance.", 2],
  mode: ["Number that the variance is divided by: inputs, outputs, or their mean.", "fan_in"],
  distribution: ["Distribution to draw from; `normal` stands for `truncated_normal`.", "uniform"],
  gain: ["Factor of the matrix.", 1],
};

/** Descriptions by path; `describe.ts` says how paths are written. */
export const DESCRIPTIONS: Readonly<Record<string, Description>> = {
  name: ["Name of the study: 1 to 40 lower-case letters, digits and hyphens; starts with a letter.", "my-study"],
  description: ["Free text for people.", "Learning rate of one hidden layer."],
  dataset: ["Data to train, validate and test on: a known data set by name, or files of your own."],
  objective: ["Metric that the study optimizes. Either this key or `objectives`."],
  objectives: [
    "Two to four outcomes of a trial to optimize together, in place of `objective`. The first one is a metric of an " +
      "epoch: it decides which epoch a trial keeps.",
    [
      { metric: "val_accuracy", goal: "maximize" },
      { metric: "parameters", goal: "minimize" },
    ],
  ],
  limits: [
    "Limits on outcomes of a trial, with <= or >=. The oracle learns the probability that they hold, and the best " +
      "trial keeps them if any trial does.",
    ["val_loss <= 0.1", "parameters <= 200000"],
  ],
  pick: [
    "Rule that picks one trial of the front. `knee`: nearest to the best of all objectives, each scaled to the range " +
      "of the front. Or weights of the objectives. Default: knee.",
    { weights: { val_accuracy: 2, parameters: 1 } },
  ],
  "pick.weights": ["Weight of each objective by name, above 0.", { val_accuracy: 2, parameters: 1 }],
  testFront: ["Whether every trial of the front is measured on the test split. Default: only the picked one.", true],
  budget: ["Limits of the study."],
  resources: ["What a trainer must have to take a trial. Default: nothing; every trainer may take one."],
  seed: ["Seed of everything random. The same spec with one trainer gives the same study, byte for byte.", 23],
  oracle: ["Oracle that proposes values."],
  pruner: [
    "Rule that ends trials early which are behind others. A name alone stands for its defaults. See docs/pruners.md.",
    "median",
  ],
  selection: [
    "Rule that picks the best trial once the budget is spent. A name alone stands for its defaults.",
    "observed",
  ],
  parameters: ["Search space: parameters by name. Names have letters, digits and underscores and start with a letter."],
  constraints: [
    "Linear inequalities between numeric parameters, with <=, >=, <, >, +, - and *. Every oracle keeps to them. " +
      "Numbers count as the decimals that they are written as: 0.1 + 0.2 <= 0.3 holds.",
    ["min_units <= max_units", "a + 2*b <= 10"],
  ],
  enqueue: [
    [
      "Values of the first trials, in this order, before the defaults and the oracle's own points.",
      "A value that an entry lacks is the parameter's default; without one it is drawn at random, by the seed,",
      "among the values that the others and the constraints leave.",
    ].join(" "),
    [{ rate: 0.001, units: 128 }, { units: 64 }],
  ],
  warmStart: [
    "Results of other studies. The oracle learns from those that lie in this space and ignores the others.",
    [{ values: { rate: 0.001, units: 128 }, objective: 0.97 }],
  ],
  model: [
    "Network to train. `$name` stands for a parameter's value wherever a number, a text, true or false may stand.",
  ],
  training: [
    "How a trial trains. `$name` stands for a parameter's value, as in `model`. A program may leave it out, and has " +
      "`maxEpochs` alone.",
  ],
  published: ["Figures that somebody published for this experiment. Results show them beside the measured ones."],

  program: [
    "Program that a trial runs, in any language, instead of dataset, model and training. See docs/programs.md.",
  ],
  "program.command": [
    "The program and its arguments. `${name}` inside a word stands for a parameter's value, `$${` for `${`. A word " +
      "that refers to an inactive parameter is left out.",
    ["python3", "train.py", "--lr=${rate}"],
  ],
  "program.files": [
    "Files and folders beside the spec that travel with the study, and addresses of files that trainers read " +
      "themselves (`https://`, `s3://`, `file://`). The command line program stores the content of the first and " +
      "sends a mapping from paths to checksums.",
    ["train.py", "lib/"],
  ],
  "program.files.*.sha256": [
    "SHA-256 of the file.",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ],
  "program.files.*.sizeBytes": ["Size of the file in bytes.", 1234],
  "program.files.*.source": ["Address from which trainers read the file.", "s3://models/start.bin"],
  "program.files.*.executable": ["Whether the file may be executed. Default: false.", true],
  "program.metrics": ["Where the metrics come from."],
  "program.metrics.from": [
    "`report`: JSON lines for Sintonia. `stdout`: lines of the standard output. `file`: lines of a file.",
    "stdout",
  ],
  "program.metrics.path": ["The file, in the working folder.", "metrics.jsonl"],
  "program.metrics.pattern": [
    "`name=value`: every pair of a line, as Katib reads them. `json-lines`: one JSON mapping in a line. Or a regular " +
      "expression with the groups `name` and `value`, and `epoch` if a line has it.",
    "json-lines",
  ],
  "program.test": [
    "Measures the best trial once, after the choice of it. Runs with the trial's values and artifacts. See " +
      "docs/programs.md#the-test. Default: no test.",
  ],
  "program.test.command": [
    "The program of the test and its arguments, with `${name}` as in `command`. Its metrics are the study's test " +
      "figures.",
    ["python3", "test.py"],
  ],
  "program.environment": ["Environment variables of the program.", { OMP_NUM_THREADS: "1" }],
  "program.timeoutSeconds": ["Upper limit of one execution, in seconds; the trial then fails. Default: none.", 3600],
  "program.graceSeconds": ["Time from SIGTERM to SIGKILL when the program has to stop, in seconds.", 30],
  "program.keep": ["Epoch whose objective counts: the best one, or the last.", "last-epoch"],

  "dataset.name": ["Data set.", "mnist"],
  "dataset.path": [
    "File with all rows, which `split` divides. Paths are relative to the spec's file, or addresses: `https://`, " +
      "`s3://bucket/key` or `file:///mounted/path`, with `#sha256=…` behind them or not.",
    "data/wine.csv",
  ],
  "dataset.train": ["File with the rows to train on.", "train.parquet"],
  "dataset.validation": ["File with the rows to validate on. Default: `split` takes them from `train`.", "val.parquet"],
  "dataset.test": ["File with the rows of the test split.", "test.parquet"],
  "dataset.format": ["Format of the files. Default: the one that the name says, without `.gz`.", "csv"],
  "dataset.separator": ["Character between the values of a CSV file. Default: found in the header line.", ";"],
  "dataset.inputs": [
    "Columns or arrays to learn from. Default: every column without another role.",
    ["alcohol", "ash"],
  ],
  "dataset.ignore": ["Columns or arrays that are left out.", ["id"]],
  "dataset.target": ["Column or array to predict; a list of several for a regression.", "quality"],
  "dataset.task": ["What is predicted: a class or numbers.", "classification"],
  "dataset.columns": ["Types of columns instead of those that are found.", { zip: "categorical" }],
  "dataset.missing": [
    "Missing values: `mean` or `median` of the training rows in numeric columns and a category of their own in " +
      "others; `category`: as `mean`, with a second feature that is 1 where the value is missing; `drop-row`: the " +
      "row is left out. Default: an error.",
    "median",
  ],
  "dataset.standardize": [
    "Whether numeric columns get mean 0 and deviation 1 of the training rows. Default: true.",
    false,
  ],
  "dataset.sampleWeight": ["Column with the weight of each row, at least 0.", "weight"],
  "dataset.classWeight": ["Weight of each class; `balanced`: n / (classes * n of the class).", "balanced"],
  "dataset.files": ["Content of each file, by its path. `create` and `run` fill it in."],
  "dataset.files.*.sha256": ["SHA-256 of the file."],
  "dataset.files.*.sizeBytes": ["Size of the file in bytes.", 1234],
  "dataset.files.*.source": [
    "Address from which trainers read the file. Default: its path, if that is an address.",
    "s3://tables/wine.csv",
  ],
  "dataset.split.test": ["Share of the rows for the test split; 0 for none. Default: 0.15.", 0.2],
  "dataset.split.folds": [
    "Number of folds; each is the validation of an execution of its own. With `time`: windows; all earlier rows train.",
    5,
  ],
  "dataset.split.stratify": [
    "Whether each class has the same shares in all splits. Default: true for a classification without `group` and " +
      "`time`.",
    true,
  ],
  "dataset.split.group": ["Column whose equal values stay in one split.", "patient"],
  "dataset.split.time": ["Column by which the rows are ordered: the earliest train, the latest test.", "date"],
  "dataset.split.seed": ["Seed of the division. Default: 0.", 1],
  "dataset.split": [
    "Division of the rows. Of a known data set: half-open ranges [start, end) of its training file; its test file is " +
      "the test split. Of own files: shares or folds.",
  ],
  "dataset.split.train": ["Rows to train on.", [0, 50000]],
  "dataset.split.validation": [
    "Rows to validate on: a range that shares no row with train, or of own files a share (default 0.15). Without " +
      "validation an epoch measures loss and accuracy only.",
    0.15,
  ],
  "objective.metric": [
    "Metric of an epoch: one of docs/metrics.md, or by the name that a program reports. A trial's objective is the " +
      "metric of its kept epoch.",
    "val_accuracy",
  ],
  "objective.goal": ["Direction in which the metric is better.", "maximize"],
  "objectives.metric": [
    "Outcome of a trial: a metric of its kept epoch, or `parameters` (trainable ones), `model_bytes` (stored " +
      "weights), `train_seconds` (all epochs), `latency_ms` (one prediction for one row). Of a program: a metric " +
      "that it reports.",
    "parameters",
  ],
  "objectives.goal": ["Direction in which the outcome is better.", "minimize"],

  "budget.maxTrials": [
    "Largest number of trials that the oracle proposes, whatever their end. Default: 10,000 if the budget has " +
      "another limit of the search.",
    20,
  ],
  "budget.maxEpochs": [
    "Largest number of epochs that all trials report, over all executions and attempts. The report that spends " +
      "the last one ends the search. Default: no limit.",
    500,
  ],
  "budget.maxSeconds": [
    "Seconds after which the search ends, without pauses and without the time in which no coordinator ran. Default: " +
      "no limit.",
    3600,
  ],
  "budget.maxTrainerSeconds": [
    "Seconds after which the search ends, summed over all trainers: the time for which they hold trials. Default: no " +
      "limit.",
    7200,
  ],
  "budget.minImprovement": [
    "Ends the search once the Bayesian oracle expects less improvement of its suggestion, eight times in a row from " +
      "20 completed trials on. In the units of the objective. Default: no such end.",
    0.0005,
  ],
  "budget.maxGap": [
    "Ends the search once the best trial is within this distance of the best upper end of a 95 % interval over the " +
      "space, eight times in a row from 20 completed trials on. In the units of the objective. Default: no such end.",
    0.002,
  ],
  "budget.executionsPerTrial": [
    "Trainings of each trial, with different seeds. The objective is their mean. With folds: one for each fold.",
    3,
  ],
  "budget.maxConsecutiveFailures": [
    "Failed trials in a row that fail the study. The Bayesian oracle proposes a safe point before the last of them; " +
      "once a trial has completed, only the failure of such a point fails the study.",
    3,
  ],
  "budget.maxAttemptsPerTrial": [
    "Attempts of one trial that may be lost without progress; the trial then fails. Preemption costs none.",
    3,
  ],
  "budget.maxSecondsPerTrial": [
    "Seconds after which a trial becomes infeasible, so that the oracle avoids its values. The time for which " +
      "trainers hold the trial counts, over all attempts. Default: no limit.",
    600,
  ],
  "budget.parallelTrials": ["Trials that are queued or under way at once. Default: one per live trainer.", 4],

  "resources.gpu": [
    "GPUs that a trainer must train on. Trials of a program need as many on the machine. Default: 0, none.",
    1,
  ],
  "resources.flavour": [
    "Flavour that a trainer must have: the kind of machine that SINTONIA_FLAVOUR names. Default: any.",
    "a100",
  ],
  "resources.memory": ["Memory that a trainer's machine or container must have. Default: any.", "8GiB"],

  "oracle.type": [
    [
      "`bayesian`: Gaussian process with expected improvement.",
      "`random`: independent draws.",
      "`quasi-random`: a scrambled Sobol sequence.",
      "`grid`: every combination of a finite space.",
      "`keras-tuner`: KerasTuner's Bayesian algorithm.",
    ].join(" "),
    "bayesian",
  ],
  "oracle.faithful": [
    "For `keras-tuner` only: repeats three defects of the original, which does not try defaults. Default: false.",
    true,
  ],
  "oracle.fidelity": [
    "For `bayesian` with one objective: with `epochs`, results before the end of a training are evidence too, of " +
      "pruned, paused and running trials as well. `none`: final results, and the last ones of pruned trials. " +
      "Default: `epochs` with the pruners `asha`, `hyperband` and `curve`, else `none`.",
    "epochs",
  ],
  "pruner.type": [
    [
      "`none`: every trial trains to its end (the default).",
      "`median`: ends trials worse than the median of the completed ones.",
      "`percentile`: ends trials that are not among a share of the completed ones.",
      "`threshold`: ends trials whose objective leaves a range.",
      "`wilcoxon`: ends trials that a signed-rank test finds worse than the best one.",
      "`asha`: asynchronous successive halving, which pauses trials at rungs and promotes the best.",
      "`hyperband`: several such brackets with different first rungs.",
      "`curve`: pauses trials at rungs, promotes the best, ends those that are too unlikely to end best.",
    ].join(" "),
    "median",
  ],
  "pruner.startupTrials": ["Completed trials before the first comparison.", 5],
  "pruner.warmupEpochs": ["First epochs of each execution without a comparison.", 10],
  "pruner.interval": ["Epochs from one comparison to the next.", 1],
  "pruner.minTrials": ["Completed trials with a value in the same epoch that a comparison needs.", 1],
  "pruner.percentile": ["Share of the completed trials that counts as good, in percent.", 25],
  "pruner.pThreshold": ["Level of the one-sided test below which a trial ends.", 0.1],
  "pruner.startupSteps": ["Pairs of values that the test needs.", 2],
  "pruner.minEpochs": ["Epochs of the first rung.", 1],
  "pruner.maxEpochs": ["Largest number of epochs of a bracket. Default: that of the training plan.", 81],
  "pruner.reductionFactor": ["One trial of this number goes on from a rung.", 3],
  "pruner.risk": [
    "Probability to end best below which a trial ends between rungs. Default: 0.01; with finalists, no trial does.",
    0.01,
  ],
  "pruner.finalists": ["Trials that go on to their end at least. Default: one of 16, at least one.", 3],
  "pruner.lower": ["Smallest objective of a trial that goes on.", 0.2],
  "pruner.upper": ["Largest objective of a trial that goes on.", 10],
  "selection.rule": [
    [
      "`posterior-mean`: the best expected objective (the default); the best measured one after up to d + 2 trials",
      "of d parameters, or where noise does not explain how far it is ahead.",
      "`observed`: the best measured objective (the default with the oracle keras-tuner).",
      "`replicate`: executes the best trials again and compares their new means.",
    ].join(" "),
    "replicate",
  ],
  "selection.top": ["Trials that are executed again: those with the best expected objectives.", 3],
  "selection.executions": ["New executions of each of these trials, in addition to the budget.", 5],

  "parameters.*.type": ["Kind of the parameter.", "double"],
  "parameters.*.min": ["Smallest value; at most max. Above 0 on the scales log and reverse-log.", 0.0001],
  "parameters.*.max": ["Largest value. With a step or factor, the last step reaches it exactly.", 0.01],
  "parameters.*.step": [
    "Distance between neighbouring values, counted from min. A double without it takes any value.",
    64,
  ],
  "parameters.*.factor": ["Ratio of neighbouring values, in place of step; on the scales log and reverse-log only.", 2],
  "parameters.*.scale": [
    "Spacing of equally likely values: `linear`; `log`, dense near min; `reverse-log`, dense near max.",
    "log",
  ],
  "parameters.*.default": [
    "Value in the first trial after the enqueued ones, and in results of other studies that lack the parameter.",
    0.001,
  ],
  "parameters.*.values": ["The choices: texts, numbers or booleans, all different and of one type.", ["adam", "sgd"]],
  "parameters.*.ordered": [
    "Tells the model that neighbouring choices are alike. Default: true for numbers, false otherwise.",
    true,
  ],
  "parameters.*.when": [
    [
      "Condition: the parameter is active only where each named parent has one of these values.",
      "Elsewhere it has no value, and keys that refer to it are left out. That is allowed in three places:",
      "in layers and callbacks that are left out there; in keys that the chosen type does not have;",
      "in keys of a mapping whose type is the parent, such as the momentum of one optimizer of several.",
    ].join(" "),
    { optimizer: "sgd" },
  ],
  "parameters.*.value": ["The only value.", 128],

  "model.module": [
    "A module that builds the model, in place of layers: the path of a .mjs, .js, .mts or .ts file beside the spec.",
    "./model.mjs",
  ],
  "model.files": [
    "What the module imports: a list of files and folders beside the spec. The command line program stores them.",
    ["layers/"],
  ],
  "model.files.*.sha256": [
    "SHA-256 of the file's bytes.",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ],
  "model.files.*.sizeBytes": ["Size of the file in bytes.", 1234],
  "model.files.*.source": ["Address from which trainers read the file.", "https://example.org/layers.js"],
  "model.files.*.executable": ["Whether the file may be executed. Default: false.", true],
  "model.layers": ["Layers in order. The last one is Dense with 10 units, one per class."],
  "model.layers.type": ["Kind of layer. Without this key the layer is Dense.", "Dropout"],
  "model.layers.when": [
    [
      "Condition: the layer stands in the model only where each named parameter has one of these values.",
      "A parameter of a layer that is left out needs no value there.",
    ].join(" "),
    { depth: [2, 3] },
  ],
  "model.layers.repeat": ["Number of equal layers that the entry stands for; 0 leaves it out.", "$depth"],
  "model.layers.units": ["Units of the layer.", "$units"],
  "model.layers.activation": [
    "Activation with Keras' defaults: leaky_relu has slope 0.2, elu alpha 1, gelu is exact.",
    "relu",
  ],
  "model.layers.useBias": ["Adds a bias to each unit.", false],
  "model.layers.kernelInitializer": ["Initial values of the kernel.", { type: "RandomNormal", stddev: "$stddev" }],
  "model.layers.biasInitializer": [
    "Initial values of the bias. Identity and Orthogonal are for kernels only.",
    "Zeros",
  ],
  "model.layers.kernelRegularizer": [
    "Penalty l1 * sum |w| + l2 * sum w^2 on the kernel, added to the loss.",
    { l2: 0.0001 },
  ],
  "model.layers.kernelRegularizer.l1": ["Weight of the sum of absolute values.", 0.0001],
  "model.layers.kernelRegularizer.l2": ["Weight of the sum of squares.", 0.0001],
  "model.layers.rate": [
    "Share of the inputs that are set to 0 in training; the others are scaled by 1 / (1 - rate).",
    "$dropout",
  ],
  "model.layers.momentum": ["Share of the moving averages that one step keeps.", 0.9],
  "model.layers.epsilon": ["Added to the variance.", 0.001],
  "model.layers.center": ["Adds a trained offset (beta).", true],
  "model.layers.scale": ["Multiplies by a trained factor (gamma).", true],
  ...below("model.layers.kernelInitializer", INITIALIZER),
  ...below("model.layers.biasInitializer", INITIALIZER),

  "training.optimizer": [
    "Optimizer with Keras' definition and defaults. A name alone stands for the defaults.",
    { type: "adam", learningRate: "$rate" },
  ],
  "training.optimizer.type": ["Kind of optimizer.", "adam"],
  "training.optimizer.learningRate": ["Learning rate, or a schedule of it by optimizer steps.", "$rate"],
  "training.optimizer.beta1": ["Decay of the first moment.", 0.9],
  "training.optimizer.beta2": ["Decay of the second moment.", 0.999],
  "training.optimizer.epsilon": ["Added to the root of the second moment.", 1e-7],
  "training.optimizer.weightDecay": [
    "Decay of every weight, biases too, per step: learning rate times this value.",
    0.004,
  ],
  "training.optimizer.momentum": ["Decay of the velocity.", 0.9],
  "training.optimizer.nesterov": ["Uses Nesterov's momentum.", true],
  "training.optimizer.rho": ["Decay of the mean square.", 0.9],
  "training.optimizer.centered": ["Subtracts the squared mean gradient from the mean square.", false],
  "training.optimizer.clipNorm": ["Largest norm of one tensor's gradient; a larger gradient is scaled down to it.", 1],
  "training.optimizer.globalClipNorm": ["The same for the norm over all tensors; not together with clipNorm.", 1],
  "training.optimizer.learningRate.type": ["Kind of schedule, by Keras' name.", "CosineDecay"],
  "training.optimizer.learningRate.initialLearningRate": ["Learning rate of the first step.", 0.001],
  "training.optimizer.learningRate.decaySteps": ["Steps of the decay, without the warm-up.", 2000],
  "training.optimizer.learningRate.alpha": ["Lowest rate as a share of the highest.", 0.1],
  "training.optimizer.learningRate.warmupTarget": [
    "Rate at the end of the warm-up, which begins at initialLearningRate.",
    0.01,
  ],
  "training.optimizer.learningRate.warmupSteps": ["Steps of the warm-up.", 200],
  "training.optimizer.learningRate.decayRate": ["Factor of the rate after decaySteps steps.", 0.96],
  "training.optimizer.learningRate.staircase": [
    "Lowers the rate once every decaySteps steps instead of smoothly.",
    true,
  ],
  "training.optimizer.learningRate.boundaries": ["Last step of each piece except the last one; rising.", [1000, 2000]],
  "training.optimizer.learningRate.values": ["Rate of each piece; one more than boundaries.", [0.01, 0.001, 0.0001]],
  "training.loss": [
    "Loss between the outputs and the one-hot class, averaged over the batch. A name alone stands for the defaults.",
    "categorical_crossentropy",
  ],
  "training.loss.type": [
    "Kind of loss. The cross-entropies of classes need softmax in the last layer, binary_crossentropy needs sigmoid.",
    "categorical_crossentropy",
  ],
  "training.loss.delta": ["Of huber: the error up to which the loss is quadratic. Default: 1.", 1],
  "training.loss.labelSmoothing": ["Share of the target that is spread over all classes.", 0.1],
  "training.batchSize": ["Rows of one step.", "$batch"],
  "training.maxEpochs": [
    "Largest number of epochs of one execution. A program that reports a further one is told to stop, and its " +
      "execution is complete.",
    20,
  ],
  "training.callbacks": [
    "Callbacks, applied in this order at the end of every epoch.",
    [{ type: "EarlyStopping", patience: 5 }],
  ],
  "training.callbacks.type": ["Kind of callback, by Keras' name.", "EarlyStopping"],
  "training.callbacks.when": [
    "Condition, as in layers: where it does not hold, the callback is left out.",
    { stopping: true },
  ],
  "training.callbacks.monitor": ["Metric to watch, one of docs/metrics.md.", "val_accuracy"],
  "training.callbacks.mode": ["Direction in which the metric is better; `auto`: accuracies up, losses down.", "auto"],
  "training.callbacks.factor": ["Factor of the learning rate at each reduction.", "$factor"],
  "training.callbacks.patience": ["Epochs without improvement before the callback acts.", "$patience"],
  "training.callbacks.minDelta": [
    "Smallest change that counts as an improvement. The sign is ignored, as in Keras.",
    0.0001,
  ],
  "training.callbacks.cooldown": ["Epochs after a reduction that do not count.", 0],
  "training.callbacks.minLr": ["Lowest learning rate.", 0.00001],
  "training.callbacks.baseline": [
    "Value to beat: an improvement that does not reach it leaves the patience running.",
    0.95,
  ],
  "training.callbacks.restoreBestWeights": ["Ends training with the weights of the best epoch by monitor.", true],
  "training.callbacks.startFromEpoch": ["First epoch that is watched, counted from 0.", 5],
  "training.keep": [
    [
      "Weights that a trial gives.",
      "`best-epoch`: of the epoch with the best objective (the default).",
      "`last-epoch`: as Keras' fit leaves them.",
    ].join(" "),
    "last-epoch",
  ],

  "warmStart.values": ["Parameter values of the result.", { rate: 0.001 }],
  "warmStart.objective": ["Objective of the result, in the units of this study's objective.", 0.97],
  "warmStart.fidelity": [
    "Share of this study's full budget with which it was measured, such as a part of the training data. Default: 1. " +
      "Below 1, the oracle needs `fidelity: epochs`, which is then its default.",
    0.2,
  ],
  "published.source": ["Where the figures stand.", "Lab sheet TL05, section 2"],
  "published.valAccuracy": ["Best validation accuracy.", 0.985],
  "published.testAccuracy": ["Accuracy on the test split of the model that was best in validation.", 0.9845],
  "published.testLoss": ["Loss on the test split of the same model, in nats.", 0.077],
  "published.refitTestAccuracy": [
    "Accuracy on the test split of a model trained again with the best values on training and validation rows.",
    0.985,
  ],
  "published.values": ["Parameter values that were found, for display.", { stddev: 0.037 }],
};

function below(path: string, table: Readonly<Record<string, Description>>): Record<string, Description> {
  return Object.fromEntries(Object.entries(table).map(([key, description]) => [`${path}.${key}`, description]));
}
