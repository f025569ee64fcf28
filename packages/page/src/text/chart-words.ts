/** The words on charts. Words in lower case stand inside a line or a legend. */
export interface ChartWords {
  readonly study: string;
  readonly trial: string;
  readonly trials: string;
  /** Before the id of a trial, at the beginning of a line. */
  readonly trialNumber: string;
  readonly execution: string;
  readonly epoch: string;
  readonly epochs: string;
  readonly learningRate: string;
  readonly objective: string;
  readonly state: string;
  readonly attempt: string;
  readonly attempts: string;
  readonly trainer: string;
  readonly trainers: string;
  readonly parameter: string;
  readonly start: string;
  readonly end: string;
  readonly time: string;
  readonly value: string;
  readonly bestSoFar: string;
  readonly best: string;
  readonly interval: string;
  readonly low: string;
  readonly high: string;
  readonly expected: string;
  readonly latest: string;
  readonly mean: string;
  readonly inactive: string;
  readonly noValue: string;
  readonly noData: string;
  readonly importanceAlone: string;
  readonly importanceTotal: string;
  readonly standardError: string;
  readonly shareOfVariance: string;
  readonly otherTrials: string;
  /** The trials that no other one within the limits beats. */
  readonly front: string;
  /** The trial of the front that the study's rule picks. */
  readonly picked: string;
  readonly outsideLimits: string;
  readonly off: string;
  readonly menu: string;
  readonly saveSvg: string;
  readonly savePng: string;
  readonly saveCsv: string;
  readonly showTable: string;
  readonly hideTable: string;
  readonly keys: string;
  readonly filter: string;
  readonly filterFrom: string;
  readonly filterTo: string;
  readonly filterClear: string;
  readonly yes: string;
  readonly no: string;
  /** Names of the states of trials and of the ends of their attempts, by their English name. */
  readonly states: Readonly<Record<string, string>>;
}

/** The words in English. */
export const CHART_WORDS_EN: ChartWords = {
  study: "study",
  trial: "trial",
  trials: "trials",
  trialNumber: "Trial",
  execution: "execution",
  epoch: "epoch",
  epochs: "epochs",
  learningRate: "learning rate",
  objective: "objective",
  state: "state",
  attempt: "attempt",
  attempts: "attempts",
  trainer: "trainer",
  trainers: "trainers",
  parameter: "parameter",
  start: "start",
  end: "end",
  time: "time",
  value: "value",
  bestSoFar: "best so far",
  best: "best",
  interval: "95 % interval",
  low: "low",
  high: "high",
  expected: "expected",
  latest: "latest",
  mean: "mean",
  inactive: "inactive",
  noValue: "no value",
  noData: "Nothing to show yet",
  importanceAlone: "alone",
  importanceTotal: "with interactions",
  standardError: "standard error",
  shareOfVariance: "share of the variance",
  front: "front",
  picked: "picked trial",
  outsideLimits: "outside the limits",
  otherTrials: "other trials",
  off: "beyond the axis",
  menu: "Export",
  saveSvg: "Save as SVG",
  savePng: "Save as PNG",
  saveCsv: "Save as CSV",
  showTable: "Show as table",
  hideTable: "Hide table",
  keys: "Arrow keys move through the data, Enter selects.",
  filter: "Filter by",
  filterFrom: "from",
  filterTo: "to",
  filterClear: "Clear filters",
  yes: "true",
  no: "false",
  states: {
    queued: "queued",
    leased: "starting",
    running: "running",
    completed: "completed",
    paused: "at a rung",
    pruned: "pruned",
    failed: "failed",
    infeasible: "infeasible",
    cancelled: "cancelled",
    unknown: "unknown",
    lost: "lease lost",
    returned: "handed back",
    idle: "idle",
  },
};
