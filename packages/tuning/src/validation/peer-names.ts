// Names of Keras, KerasTuner, Optuna, Ray Tune, Katib, NNI and PyTorch, in lower case and without
// separators, with the names that mean the same in a study spec.

const BY_MEANING: readonly (readonly [meant: string, names: string])[] = [
  // Types of parameters.
  ["integer", "int randint uniformint quniformint lograndint qrandint suggestint long number discrete"],
  ["double", "float real uniform loguniform quniform qloguniform normal suggestfloat logfloat continuous number"],
  ["categorical", "choice choices enum string text str options suggestcategorical list"],
  ["boolean", "bool flag"],
  ["fixed", "const constant value"],
  // Fields of parameters.
  ["min", "low lower lowerbound minvalue minimum start from"],
  ["max", "high upper upperbound maxvalue maximum end stop to"],
  ["step", "q quantum increment stepsize resolution"],
  ["factor", "base ratio stepfactor"],
  ["scale", "sampling log distribution dist prior spacing"],
  ["values", "choices options categories list items"],
  ["when", "if condition conditions dependson parent parentname parentvalues"],
  // Scales.
  ["log", "logarithmic log10 log2 ln exponential loguniform"],
  ["reverse-log", "reverselogarithmic revlog"],
  ["linear", "lin uniform"],
  // Goals.
  ["maximize", "max maximise higher up"],
  ["minimize", "min minimise lower down"],
  // Metrics and losses.
  ["accuracy", "acc categoricalaccuracy sparsecategoricalaccuracy"],
  ["val_accuracy", "valacc validationaccuracy valcategoricalaccuracy"],
  ["val_loss", "validationloss"],
  ["val_auc", "auc rocauc rocaucscore valrocauc areaundercurve"],
  ["val_average_precision", "averageprecision aucpr prauc valprauc ap averageprecisionscore"],
  ["val_balanced_accuracy", "balancedaccuracy balancedacc balancedaccuracyscore"],
  ["val_f1", "f1 f1score fscore f1macro valf1score"],
  ["val_precision", "precision precisionscore"],
  ["val_recall", "recall recallscore sensitivity tpr"],
  ["val_log_loss", "neglogloss"],
  ["val_brier", "brier brierscore brierscoreloss"],
  ["val_mae", "meanabsoluteerror valmeanabsoluteerror negmeanabsoluteerror"],
  ["val_rmse", "rmse rootmeansquarederror valrootmeansquarederror negrootmeansquarederror"],
  ["val_mape", "mape meanabsolutepercentageerror"],
  ["val_r2", "r2 r2score rsquared coefficientofdetermination"],
  ["categorical_crossentropy", "crossentropy crossentropyloss ce nll nllloss negativeloglikelihood logloss"],
  ["sparse_categorical_crossentropy", "sparsecrossentropy sparsece scce"],
  ["binary_crossentropy", "bce bceloss bcewithlogitsloss"],
  ["mean_squared_error", "mse mseloss l2 l2loss"],
  ["mean_absolute_error", "mae l1 l1loss"],
  ["huber", "huberloss smoothl1 smoothl1loss"],
  // Optimizers.
  ["adamw", "adamweightdecay decoupledadam"],
  ["sgd", "momentum gradientdescent stochasticgradientdescent nag"],
  // Layers.
  ["Dense", "linear fullyconnected fc mlp"],
  ["BatchNormalization", "batchnorm batchnorm1d bn"],
  ["Dropout", "droppingout alphadropout"],
  // Initializers.
  ["GlorotUniform", "xavier xavieruniform glorot"],
  ["GlorotNormal", "xaviernormal"],
  ["HeNormal", "kaiming kaimingnormal he"],
  ["HeUniform", "kaiminguniform"],
  // Activations.
  ["silu", "swish"],
  ["linear", "none identity"],
  // Callbacks.
  ["ReduceLROnPlateau", "reducelr lronplateau plateau"],
  ["EarlyStopping", "earlystop stopping"],
  ["TerminateOnNaN", "nan stoponnan"],
  // Oracles.
  ["bayesian", "bayes bayesianoptimization bo gp gpei tpe botorch skopt"],
  ["random", "randomsearch randomsampler"],
  ["quasi-random", "sobol qmc halton lhs"],
  ["grid", "gridsearch gridsampler bruteforce"],
  ["keras-tuner", "kerastuner kt"],
  // Pruners.
  ["median", "medianpruner medianstop medianstopping medianstoppingrule"],
  ["percentile", "percentilepruner"],
  ["threshold", "thresholdpruner"],
  ["wilcoxon", "wilcoxonpruner"],
  ["asha", "ashascheduler asynchyperband asynchyperbandscheduler successivehalving successivehalvingpruner sha"],
  ["hyperband", "hyperbandpruner hyperbandscheduler hb"],
  ["reductionFactor", "eta factor reductionfactor"],
  ["minEpochs", "graceperiod minresource mint resourceattr"],
  ["startupTrials", "nstartuptrials mintrialsrequired mincurves"],
  ["warmupEpochs", "nwarmupsteps startstep warmup"],
  ["minTrials", "nmintrials"],
  // Fields of the whole.
  ["maxTrials", "trials ntrials maxtrialcount maxtrialnumber maxnumtrialsfinished numsamples iterations"],
  ["maxEpochs", "epochs nepochs numepochs maxresource"],
  [
    "maxSeconds",
    "timeout timebudgets maxtime maxduration maxwallclocktime walltimelimit maxexperimentduration seconds",
  ],
  ["minImprovement", "improvement improvementthreshold minei tolerance tol"],
  ["maxGap", "regretbound gap threshold maxregret"],
  ["maxSecondsPerTrial", "trialtimeout maxtrialduration trialwalltimelimit timetotals trialtimelimit"],
  ["maxTrainerSeconds", "cputimelimit gpuseconds gpuhours computebudget maxslots"],
  ["parallelTrials", "paralleltrialcount concurrency njobs maxconcurrent maxconcurrenttrials"],
  ["executionsPerTrial", "executions repeats"],
  ["maxConsecutiveFailures", "maxfailedtrialcount maxconsecutivefailedtrials"],
  ["maxAttemptsPerTrial", "retries maxretriespertrial attempts"],
  ["learningRate", "lr eta"],
  ["initialLearningRate", "lr initiallr learningrate"],
  ["minLr", "minlearningrate"],
  ["batchSize", "batch bs"],
  ["callbacks", "callback"],
  ["parameters", "params searchspace space hyperparameters hp"],
  ["objective", "metric target"],
  ["objectives", "directions metrics modes additionalmetricnames multiobjective"],
  ["limits", "outcomeconstraints constraintsfunc metricconstraints thresholds"],
  ["pick", "decision preference scalarization"],
  // Facts of a trial.
  ["parameters", "numparams nparams numparameters countparams paramcount totalparams"],
  ["model_bytes", "modelsize sizebytes filesize memory"],
  ["train_seconds", "trainingtime traintime trainseconds duration"],
  ["latency_ms", "latency inferencetime predictiontime"],
  ["metric", "name"],
  ["goal", "direction mode type"],
  ["pruner", "scheduler trialscheduler earlystopping earlystop"],
  ["oracle", "algorithm tuner sampler searchalg"],
  ["model", "network architecture"],
  ["training", "fit train compile"],
  ["dataset", "data"],
  ["enqueue", "enqueuetrial pointstoevaluate initialpoints"],
  ["units", "neurons nodes size hidden hiddenunits outfeatures"],
  ["rate", "p prob probability dropout"],
  ["monitor", "metric"],
  ["weightDecay", "decay l2"],
  ["clipNorm", "clip gradclip maxnorm clipnorm"],
  ["beta1", "beta"],
];

const ON_LOG_SCALE = "loguniform qloguniform logfloat lograndint reverseloguniform";
const STEPPED = "quniform qloguniform quniformint qrandint";

/** Returns what a parameter needs besides its type to mean the same as a peer's type. */
export function peerRemark(name: string): string {
  if (ON_LOG_SCALE.split(" ").includes(name)) return " with scale: log";
  return STEPPED.split(" ").includes(name) ? " with a step" : "";
}

/** For each name of a peer, the names that it may mean; the first known one is meant. */
export const PEER_NAMES: ReadonlyMap<string, readonly string[]> = collect();

function collect(): Map<string, readonly string[]> {
  const meant = new Map<string, readonly string[]>();
  for (const [own, names] of BY_MEANING) {
    for (const name of names.split(" ")) meant.set(name, [...(meant.get(name) ?? []), own]);
  }
  return meant;
}
