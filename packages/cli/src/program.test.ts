import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import {
  AdminServiceDefinition,
  type AdminServiceImplementation,
  type ExplainTrialResponse,
  type GetImportanceResponse,
  type LiveTrainer,
  Role,
  StopMode,
  SuggestionSource,
} from "@sintonia/proto/sintonia/v1/admin";
import { ArtifactKind, StudyState, TrialState } from "@sintonia/proto/sintonia/v1/study";
import { specToJson } from "@sintonia/tuning/spec/json";
import { createServer, ServerError, Status } from "nice-grpc";
import { runProgram } from "./program.js";
import { loadSpec } from "./study/spec/experiments.js";
import {
  aCompletedTrial,
  aRunningTrial,
  aSelection,
  aStudy,
  aTrial,
  at,
  measurementsOf,
} from "./study/study.fixture.js";

const WEIGHTS = Buffer.from("weights");
const SHA256 = createHash("sha256").update(WEIGHTS).digest("hex");
const ENDED = aStudy({
  state: StudyState.COMPLETED,
  bestTrialId: "00",
  settledCount: 1,
  endedAt: at(100),
  test: {
    loss: 0.08,
    accuracy: 0.983,
    accuracyLow: 0.98,
    accuracyHigh: 0.985,
    examples: 10_000,
    scores: [],
    undefinedScores: [],
  },
  models: [{ kind: ArtifactKind.ONNX_MODEL, sha256: SHA256, sizeBytes: WEIGHTS.length }],
});
const TRIAL = aCompletedTrial("00", 0.985);

const POINT = { values: { stddev: { kind: { $case: "doubleValue" as const, value: 0.02 } } } };
const EXPLANATION: ExplainTrialResponse = {
  trial: TRIAL,
  source: SuggestionSource.MODEL,
  oracle: "bayesian",
  known: { completed: 5, pending: [POINT], infeasible: 1, failed: 0, pruned: 0, partial: 0 },
  place: undefined,
  front: undefined,
  model: {
    belief: { mean: 0.984, sd: 0.001, low: 0.982, high: 0.986 },
    best: POINT,
    bestMean: 0.983,
    acquisition: {
      name: "log-expected-improvement",
      value: -2.5,
      expectedImprovement: 0.0012,
      probabilityOfImprovement: 0.84,
      feasibility: 0.97,
    },
    lengthScales: { stddev: 0.4 },
    signalSd: 0.01,
    noiseSd: 0.0005,
    bend: 0.02,
    runnersUp: [{ point: POINT, acquisition: -3.5 }],
  },
};
const IMPORTANCE: GetImportanceResponse = {
  parameters: [
    { parameter: "stddev", firstOrder: { share: 0.75, error: 0.01 }, total: { share: 0.8, error: 0.012 } },
    { parameter: "seed", firstOrder: { share: -0.004, error: 0.01 }, total: { share: 0.1, error: 0.01 } },
  ],
  pairs: [{ first: "stddev", second: "seed", interaction: { share: 0.05, error: 0.01 } }],
  observations: 10,
  sd: 0.01,
  noise: 0.2,
  cap: 0.97,
};

/** A trainer at work, which another study has set aside. */
function aTrainer(id: string): LiveTrainer {
  return {
    id,
    engine: "onnx",
    since: new Date(0),
    lastSeen: new Date(60_000),
    cordon: undefined,
    equipment: { flavour: "small", gpus: 0, gpuMemoryBytes: 0, memoryBytes: 2 ** 33 },
    trials: [{ studyId: "mnist-init", trialId: "03", attempt: 2, epoch: 4, execution: 0 }],
    setAsideBy: [{ studyId: "wide", trialId: "0", reason: "No data.", since: new Date(1_000) }],
  };
}

/** A coordinator with one ended study. */
const COORDINATOR: AdminServiceImplementation = {
  async createStudy() {
    return { study: ENDED, existed: false };
  },
  async getStudy({ studyId }) {
    if (studyId !== ENDED.id) throw new ServerError(Status.NOT_FOUND, `no study has the id ${studyId}`);
    return { study: ENDED };
  },
  listStudies: async () => ({ studies: [ENDED] }),
  listTrials: async () => ({ trials: [TRIAL] }),
  async *watchStudy() {
    yield { study: aStudy(), trials: [aRunningTrial("00", 3)], trainerCount: 1 };
    yield { study: ENDED, trials: [TRIAL], trainerCount: 1 };
  },
  async *readOutput() {
    yield { attempt: 1, offset: 0 };
  },
  hasFiles: async () => ({ files: [] }),
  uploadFile: async () => ({}),
  listTrainers: async ({ pageToken }) => ({
    trainers: [aTrainer(pageToken === "" ? "trainer-1" : "trainer-2")],
    nextPageToken: pageToken === "" ? "trainer-1" : "",
  }),
  cordonTrainer: async ({ reason }) => ({ cordon: { reason, since: new Date(0), drains: false } }),
  drainTrainer: async ({ reason }) => ({ cordon: { reason, since: new Date(0), drains: true } }),
  uncordonTrainer: async () => ({}),
  stopStudy: async () => ({ study: aStudy({ state: StudyState.FINALIZING }) }),
  pauseStudy: async ({ reason }) => ({ study: aStudy({ pause: { reason, since: new Date(0) } }) }),
  resumeStudy: async () => ({ study: aStudy() }),
  cancelTrial: async ({ trialId, reason }) => ({
    trial: aTrial(trialId, { state: TrialState.CANCELLED, message: reason }),
  }),
  enqueueTrial: async () => ({ trialId: "4", existed: false }),
  extendStudy: async ({ maxTrials }) => ({ study: aStudy({ maxTrials }) }),
  retryTrial: async () => ({ trialId: "5", existed: true }),
  deleteStudy: async () => ({ deletedAt: new Date(0) }),
  importStudy: async () => ({ study: ENDED, existed: false }),
  getBestTrial: async () => ({ trial: TRIAL, weights: undefined }),
  explainTrial: async () => EXPLANATION,
  getImportance: async ({ wholeSpace }) => ({ ...IMPORTANCE, ...(wholeSpace ? { cap: undefined } : {}) }),
  getCaller: async () => ({ name: "ana", role: Role.OPERATOR }),
  listCurves: async () => ({ curves: [] }),
  getSurrogate: async () => ({ first: [] }),
  listEvents: async () => ({ events: [] }),
  async *downloadArtifact() {
    yield { chunk: WEIGHTS };
  },
  async *readStudyLog() {
    yield { record: Buffer.from("{}") };
  },
};

async function serve(context: TestContext, changes: Partial<AdminServiceImplementation> = {}): Promise<string> {
  const server = createServer();
  server.add(AdminServiceDefinition, { ...COORDINATOR, ...changes });
  const port = await server.listen("127.0.0.1:0");
  context.after(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

function sintonia(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return sintoniaReading([], ...args);
}

async function sintoniaReading(
  stdin: readonly (string | Uint8Array)[],
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await runProgram(args, { stdin: Readable.from(stdin), stdout, stderr, env: {} });
  const textOf = (stream: PassThrough): string => (stream.read() as Buffer | null)?.toString() ?? "";
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

test("prints help on standard output and ends with 0", async () => {
  const { code, stdout } = await sintonia("run", "--help");
  assert.equal(code, 0);
  assert.match(stdout, /Examples:/);
});

test("prints the JSON Schema of the study spec", async () => {
  const { code, stdout } = await sintonia("schema");
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).title, "Sintonia study spec");
});

test("reports bad options in one line and ends with 2", async () => {
  const cases = [
    ["--bad"],
    ["run", "--bad"],
    ["run", "--trials", "0"],
    ["run", "--trials", "many"],
    ["run", "--engine", "abacus"],
    ["run", "--oracle", "delphi"],
    ["run", "--experiment", "nope"],
    ["run", "mnist-init", "--experiment", "mnist-init"],
    ["run", "a", "b"],
    ["reproduce", "--data", "cifar10"],
    ["reproduce", "--experiment", "nope"],
    ["reproduce", "--experiment", "mnist-init", "--data", "fashion-mnist"],
    ["reproduce", "--json", "--markdown", "-"],
    ["show"],
    ["list", "--coordinator", "nowhere"],
    ["frobnicate"],
  ];
  for (const args of cases) {
    const { code, stdout, stderr } = await sintonia(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, args.includes("--json") ? /^\{[^\n]+\}\n$/ : /^error: [^\n]+\n$/, args.join(" "));
    assert.equal(stdout, "", args.join(" "));
  }
});

test("takes the coordinator's address from the environment; an empty value counts as none", async (context) => {
  const list = async (address: string) => {
    const stderr = new PassThrough();
    const streams = { stdin: Readable.from([]), stdout: new PassThrough(), stderr };
    const code = await runProgram(["list"], { ...streams, env: { SINTONIA_COORDINATOR_ADDRESS: address } });
    return { code, stderr: String(stderr.read() ?? "") };
  };
  assert.equal((await list(await serve(context))).code, 0);
  assert.match((await list("")).stderr, /^error: no coordinator answers at 127\.0\.0\.1:7230/);
  const bad = await list("nowhere");
  assert.deepEqual(
    [bad.code, bad.stderr.includes("SINTONIA_COORDINATOR_ADDRESS is nowhere; Expected HOST:PORT")],
    [2, true],
  );
});

test("proposes the nearest command, option, choice and experiment", async () => {
  const cases: readonly (readonly [hint: RegExp, ...args: string[]])[] = [
    [/unknown command 'shwo'; did you mean show\?/, "shwo"],
    [/unknown command 'shwo'; did you mean show\?/, "help", "shwo"],
    [/Allowed choices are bash, zsh, fish; did you mean bash\?/, "completion", "bsh"],
    [/unknown option '--quik'; did you mean --quick\?/, "run", "--quik"],
    [/Allowed choices are onnx, .*; did you mean onnx\?/, "run", "--engine", "onx"],
    [/Allowed choices are bayesian, .*; did you mean bayesian\?/, "oracle", "--spec", "x", "--oracle", "baysian"],
    [/Allowed choices are mnist, fashion-mnist; did you mean fashion-mnist\?/, "reproduce", "--data", "fashionmnist"],
    [/did you mean mnist-init\? The experiments are /, "run", "mnist-int"],
    [/did you mean mnist-init\?/, "oracle", "--spec", "mnist_init"],
    [/did you mean fashion-init\?/, "reproduce", "--experiment", "fashon-init"],
    [/did you mean mnist-init\?/, "create", "mnistinit"],
  ];
  for (const [hint, ...args] of cases) {
    const { code, stderr } = await sintonia(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, hint, args.join(" "));
  }
});

test("every command has help with examples, its version, and the arguments and options of the overview", async () => {
  const overview = (await sintonia("--help")).stdout;
  const entries = [...overview.matchAll(/^ {2}(([a-z]+) (?:\[options\]|<|\[)[^ ]*(?: <[A-Z]+>| \[[A-Z]+\])*) {2}/gm)];
  assert.ok(entries.length >= 13);
  const version = (await sintonia("--version")).stdout;
  for (const [, usage = "", name = ""] of entries.filter(([, , name]) => name !== "help")) {
    const { code, stdout } = await sintonia(name, "--help");
    assert.equal(code, 0, name);
    assert.ok(stdout.startsWith(`Usage: sintonia ${usage}\n`), `${usage}: ${stdout.split("\n")[0]}`);
    assert.match(stdout, /\nExamples?:\n {2}\$ .*sintonia /, name);
    assert.match(stdout, /--json/, name);
    assert.equal((await sintonia(name, "--version")).stdout, version, name);
    assert.equal((await sintonia("help", name)).stdout, stdout, name);
  }
});

test("prints an error as one JSON object with code, message and facts if --json is given", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-json-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "bad.yaml"), "name: X\nseed: -1\n");
  const address = await serve(context);
  const cases: readonly (readonly [exitCode: number, code: string, ...args: string[]])[] = [
    [2, "UNKNOWN_COMMAND", "frobnicate", "--json"],
    [2, "UNKNOWN_OPTION", "show", "--bad", "--json"],
    [2, "INVALID_ARGUMENT", "run", "--trials", "0", "--json"],
    [2, "MISSING_ARGUMENT", "show", "--json"],
    [2, "SPEC_INVALID", "run", join(folder, "bad.yaml"), "--json"],
    [2, "UNKNOWN_SPEC", "create", "nope", "--json"],
    [1, "UNKNOWN_STUDY", "show", "other", "--coordinator", address, "--json"],
    [1, "NO_COORDINATOR", "list", "--coordinator", "127.0.0.1:1", "--json"],
    [1, "NO_RUN_FOLDER", "show", "--dir", folder, "--json"],
  ];
  for (const [exitCode, code, ...args] of cases) {
    const { code: ended, stdout, stderr } = await sintonia(...args);
    assert.deepEqual([ended, stdout], [exitCode, ""], args.join(" "));
    assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    const error = JSON.parse(stderr) as { code: string; message: string; facts: object };
    assert.deepEqual(Object.keys(error), ["code", "message", "facts"]);
    assert.equal(error.code, code, args.join(" "));
    assert.ok(error.message.length > 0 && !/^error/.test(error.message), error.message);
  }
});

test("reports a coordinator that does not answer in one line and ends with 1", async () => {
  const { code, stderr } = await sintonia("list", "--coordinator", "127.0.0.1:1");
  assert.equal(code, 1);
  assert.match(stderr, /^error: no coordinator answers at 127.0.0.1:1[^\n]*\n$/);
});

test("reports a folder that no run made in one line, ends with 1, and leaves the folder unchanged", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-no-run-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const dir of [folder, join(folder, "none")]) {
    const { code, stderr } = await sintonia("explain", "mnist-init", "00", "--dir", dir);
    assert.equal(code, 1);
    assert.match(stderr, /^error: [^\n]*: no run made this folder[^\n]*\n$/);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test("list and show print tables", async (context) => {
  const address = await serve(context);
  assert.match(
    (await sintonia("list", "--coordinator", address)).stdout,
    /mnist-init {2}completed {2}1\/10 +00 +98.30 %/,
  );
  const { stdout } = await sintonia("show", "mnist-init", "--coordinator", address);
  assert.match(stdout, /TRIAL +STATE +stddev +val_accuracy/);
  assert.match(stdout, /00 +completed +0.05 +0.985 +40 +1m 20s +1 +trainer-1-abc123/);
});

test("show reports a missing study", async (context) => {
  const { code, stderr } = await sintonia("show", "other", "--coordinator", await serve(context));
  const message = "no study has the id or the name other; the studies are mnist-init";
  assert.deepEqual([code, stderr], [1, `error: ${message}\n`]);
});

test("watch prints one document with --json, and the progress on standard error", async (context) => {
  const { code, stdout, stderr } = await sintonia(
    "watch",
    "mnist-init",
    "--json",
    "--coordinator",
    await serve(context),
  );
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).best.objective, 0.985);
  assert.match(stderr, /Trial 00 Complete/);
});

test("watch ends with 1 if the study failed", async (context) => {
  const failed = aStudy({ state: StudyState.FAILED, message: "3 trials failed in a row" });
  const address = await serve(context, {
    async *watchStudy() {
      yield { study: failed, trials: [], trainerCount: 1 };
    },
  });
  assert.equal((await sintonia("watch", "mnist-init", "--coordinator", address)).code, 1);
});

test("show prints one trial with its learning curves, and both tables as comma-separated values", async (context) => {
  const measured = { ...TRIAL, measurements: measurementsOf(3) };
  const requests: string[] = [];
  const address = await serve(context, {
    listTrials: async ({ trialId = "", withMeasurements = false }) => {
      requests.push(`${trialId} ${withMeasurements}`);
      return { trials: [withMeasurements ? measured : TRIAL] };
    },
  });
  const show = (...args: string[]) => sintonia("show", "mnist-init", ...args, "--coordinator", address);
  const one = await show("00");
  assert.match(one.stdout, /^Trial {6}00 of study mnist-init\nState {6}completed\n/);
  assert.match(one.stdout, /\nval_accuracy by epoch\n0\.8333 \| {2}\*\n/);
  const document = JSON.parse((await show("00", "--json")).stdout);
  assert.deepEqual(document.trial.history[0].metrics.val_accuracy, [0.5, 0.75, 1 - 0.5 / 3]);
  assert.deepEqual(JSON.parse((await show("--json")).stdout).trials[0].history.length, 1);
  assert.equal((await show("--csv", "epochs")).stdout.split("\r\n").length, 5);
  assert.match((await show("--csv", "trials")).stdout, /^trial,state,.*\r\n00,completed,0\.985,/);
  assert.deepEqual(requests, ["00 true", "00 true", " true", " true", " false"]);
  const both = await show("--csv", "trials", "--json");
  assert.equal(both.code, 2);
});

test("show reads trials page by page", async (context) => {
  const address = await serve(context, {
    listTrials: async ({ pageToken }) =>
      pageToken === "1" ? { trials: [aRunningTrial("01", 3)] } : { trials: [TRIAL], nextPageToken: "1" },
  });
  const { stdout } = await sintonia("show", "mnist-init", "--json", "--coordinator", address);
  const { trials } = JSON.parse(stdout) as { trials: { id: string }[] };
  assert.deepEqual(
    trials.map(({ id }) => id),
    ["00", "01"],
  );
});

test("best writes the model into a folder", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-best-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const address = await serve(context);
  const { stdout } = await sintonia("best", "mnist-init", "--download", folder, "--coordinator", address);
  assert.match(stdout, /Score: 0.985\n/);
  assert.deepEqual(readFileSync(join(folder, "model.onnx")), WEIGHTS);
});

test("best and show state the uncertainty of the choice, in sentences and in the document", async (context) => {
  const study = { ...ENDED, selection: aSelection("00") };
  const address = await serve(context, { getStudy: async () => ({ study }) });
  for (const command of ["best", "show"]) {
    const { stdout } = await sintonia(command, "mnist-init", "--coordinator", address);
    assert.match(stdout, /Trial 00: val_accuracy 0.985 measured, 0.9846 expected \(95 % interval 0.98/);
    const document = JSON.parse((await sintonia(command, "mnist-init", "--json", "--coordinator", address)).stdout);
    assert.deepEqual(document.selection.tied, ["02", "04", "09"]);
  }
});

test("best of an active study says that the choice is made at its end", async (context) => {
  const spec = { parameters: {}, oracle: { type: "bayesian" } };
  const study = aStudy({ bestTrialId: "00", specJson: JSON.stringify(spec) });
  const address = await serve(context, { getStudy: async () => ({ study }) });
  const { stdout } = await sintonia("best", "mnist-init", "--coordinator", address);
  assert.match(stdout, /best measured trial so far; at the end, the rule posterior-mean selects the best\.\n/);
});

test("explain prints the history, the prediction and the acquisition value", async (context) => {
  const address = await serve(context);
  const { code, stdout } = await sintonia("explain", "mnist-init", "00", "--coordinator", address);
  assert.equal(code, 0);
  const lines = [
    "  stddev: 0.05",
    "Source     the surrogate of the bayesian oracle: the candidate with the best acquisition value",
    "History    5 completed, 1 pending, 1 infeasible, 0 failed",
    "           pending: stddev 0.02",
    "Predicted  val_accuracy 0.984 ± 0.001, 95 % interval 0.982 to 0.986",
    "Incumbent  expected 0.983 at stddev 0.02",
    "Gain       expected improvement 0.0012, probability of improvement 84.00 %",
    "           acquisition value (log expected improvement) -2.5",
    "           probability of a feasible trial 97.00 %",
    "Surrogate  length scale of stddev: 0.4 of its range",
    "           signal ±0.01, noise of a single measurement ±0.0005",
    "           objectives more than 0.02 from the best are on a logarithmic scale",
    "Runners-up -3.5 at stddev 0.02",
    "Outcome    val_accuracy 0.985",
    "Checked    recomputed from the log: the same values, bit for bit",
  ];
  for (const line of lines) assert.ok(stdout.split("\n").includes(line), `${line}\n${stdout}`);
  const document = JSON.parse(
    (await sintonia("explain", "mnist-init", "00", "--json", "--coordinator", address)).stdout,
  );
  assert.deepEqual(document.known, {
    completed: 5,
    pending: [{ stddev: 0.02 }],
    infeasible: 1,
    failed: 0,
    pruned: 0,
    partial: 0,
  });
  assert.deepEqual([document.model.mean, document.model.interval], [0.984, [0.982, 0.986]]);
});

test("explain says that values were enqueued, or that they are the defaults", async (context) => {
  const texts = {
    enqueued: "Source     enqueued by the spec, not suggested by the oracle",
    defaults: "Source     the defaults of the parameters, tried before the oracle's own points",
  };
  for (const [name, source] of [
    ["enqueued", SuggestionSource.ENQUEUED],
    ["defaults", SuggestionSource.DEFAULTS],
  ] as const) {
    const explainTrial = async () => ({ ...EXPLANATION, source, place: undefined, model: undefined });
    const address = await serve(context, { explainTrial });
    const { stdout } = await sintonia("explain", "mnist-init", "00", "--coordinator", address);
    assert.ok(stdout.split("\n").includes(texts[name]), stdout);
    const json = await sintonia("explain", "mnist-init", "00", "--json", "--coordinator", address);
    assert.deepEqual([JSON.parse(json.stdout).source, JSON.parse(json.stdout).place], [name, null]);
  }
});

test("explain prints the reason why a trial cannot be explained", async (context) => {
  const message = "Computed again from the log, the suggestion for trial 00 comes out otherwise: stddev: 0.1, now 0.2.";
  const address = await serve(context, {
    async explainTrial() {
      throw new ServerError(Status.FAILED_PRECONDITION, message);
    },
  });
  const { code, stdout, stderr } = await sintonia("explain", "mnist-init", "00", "--coordinator", address);
  assert.deepEqual([code, stdout, stderr], [1, "", `error: ${message}\n`]);
});

test("importance prints a bar for each parameter and defines the shares", async (context) => {
  const address = await serve(context);
  const { stdout } = await sintonia("importance", "mnist-init", "--coordinator", address);
  assert.match(stdout, /stddev {5}\[#{16}-{4}\] {2}80 % ± 1 % {2}75 % ± 1 %/);
  assert.match(stdout, /seed {7}\[#{2}-{18}\] {2}10 % ± 1 % {2}0 % ± 1 %/);
  assert.match(stdout, /Interaction of stddev and seed: 5 % ± 1 %/);
  assert.match(stdout, /objectives worse than 0.97 count as 0.97/);
  const whole = await sintonia("importance", "mnist-init", "--whole-space", "--coordinator", address);
  assert.match(whole.stdout, /over the whole space/);
  const json = await sintonia("importance", "mnist-init", "--json", "--coordinator", address);
  assert.deepEqual(JSON.parse(json.stdout).parameters[0].alone, { share: 0.75, error: 0.01 });
});

/** Trials whose objectives grow, and a running one. */
const PLOTTED = [0.1, 0.4, 0.3, 0.6].map((objective, i) =>
  aCompletedTrial(String(i), objective, {
    values: { stddev: { kind: { $case: "doubleValue", value: 10 ** -i } } },
  }),
);

/** A coordinator with these trials, with curves of ten epochs, and with a surrogate. */
const PLOTS: Partial<AdminServiceImplementation> = {
  listTrials: async () => ({ trials: [...PLOTTED, aRunningTrial("4", 3)] }),
  listCurves: async ({ trialId, pageToken }) => {
    const curve = { trialId, execution: pageToken === "" ? 0 : 1, epochs: [0, 9], values: [0, Number(trialId)] };
    return { curves: [{ ...curve, learningRates: [0.1, 0.1] }], nextPageToken: pageToken === "" ? "1" : "" };
  },
  getSurrogate: async ({ trialId }) => ({
    first: [0.001, 0.01, 0.1, 1].map((value) => ({ kind: { $case: "doubleValue" as const, value } })),
    mean: [0.5, 0.4, 0.3, 0.2],
    low: [0.4, 0.3, 0.2, 0.1],
    high: [0.6, 0.5, 0.4, 0.3],
    trialId: trialId || "3",
    observations: 4,
  }),
};

test("plot draws the history of a study, with the best so far, in the wanted width", async (context) => {
  const address = await serve(context, PLOTS);
  const { code, stdout } = await sintonia("plot", "mnist-init", "--width", "40", "--coordinator", address);
  const lines = stdout.split("\n");
  assert.equal(code, 0);
  assert.equal(lines[0], "val_accuracy by trial");
  assert.match(lines[1] ?? "", /^0.6 \| {34}o$/);
  assert.match(lines[7] ?? "", /^ {4}\| {11}o-+$/);
  assert.ok(lines.every((line) => line.length <= 40));
  const json = await sintonia("plot", "mnist-init", "history", "--json", "--coordinator", address);
  assert.deepEqual(JSON.parse(json.stdout), {
    study: "mnist-init",
    plot: "history",
    metric: "val_accuracy",
    goal: "maximize",
    trials: [
      { trial: "0", objective: 0.1, best: 0.1 },
      { trial: "1", objective: 0.4, best: 0.4 },
      { trial: "2", objective: 0.3, best: 0.4 },
      { trial: "3", objective: 0.6, best: 0.6 },
    ],
  });
});

test("plot curves draws all executions of the best trials and of the running ones", async (context) => {
  const address = await serve(context, PLOTS);
  const { stdout } = await sintonia("plot", "mnist-init", "curves", "--coordinator", address);
  assert.match(stdout, /^val_accuracy by epoch\n/);
  assert.match(stdout, /\na {2}3 {6}completed {2}0.6\nb {2}1 {6}completed {2}0.4\n[\s\S]*\ne {2}4 {6}running {4}-\n$/);
  const json = await sintonia("plot", "mnist-init", "curves", "--json", "--coordinator", address);
  const [best] = JSON.parse(json.stdout).trials;
  assert.deepEqual(
    [best.trial, best.executions.map(({ execution }: { execution: number }) => execution)],
    ["3", [0, 1]],
  );
});

test("plot slice draws the most important parameter, or another one through another trial", async (context) => {
  const address = await serve(context, PLOTS);
  const { stdout } = await sintonia("plot", "mnist-init", "slice", "--coordinator", address);
  assert.match(stdout, /^val_accuracy by stddev\n/);
  assert.match(stdout, /stddev 0.001 +stddev 1\n/);
  assert.match(stdout, /other parameters have the values of trial 3\.\nEstimated from 4 completed trials/);
  const options = ["--parameter", "stddev", "--trial", "1", "--json"];
  const json = JSON.parse((await sintonia("plot", "mnist-init", "slice", ...options, "--coordinator", address)).stdout);
  assert.deepEqual(
    [json.parameter, json.through, json.surrogate[0]],
    ["stddev", "1", { value: 0.001, mean: 0.5, low: 0.4, high: 0.6 }],
  );
  assert.deepEqual(json.trials.at(-1), { trial: "3", value: 0.001, objective: 0.6 });
});

test("plot importance prints the bars, and other options or plots are refused", async (context) => {
  const address = await serve(context, PLOTS);
  const { stdout } = await sintonia("plot", "mnist-init", "importance", "--coordinator", address);
  assert.match(stdout, /stddev {5}\[#{16}-{4}\]/);
  for (const args of [["history", "--parameter", "stddev"], ["histogram"], ["history", "--width", "8"]])
    assert.equal((await sintonia("plot", "mnist-init", ...args, "--coordinator", address)).code, 2, args.join(" "));
  // A plot alone is of the only study of a folder.
  assert.match((await sintonia("plot", "curves", "--coordinator", address)).stderr, /name the study/);
});

test("stop prints the state of the study, also of one that has ended", async (context) => {
  const active = aStudy({ id: "wide-1", name: "wide" });
  const address = await serve(context, { getStudy: async ({ studyId }) => studyNamed(studyId, active) });
  assert.equal(
    (await sintonia("stop", "wide-1", "--coordinator", address)).stdout,
    "Study mnist-init is finalizing.\n",
  );
  const ended = await sintonia("stop", "mnist-init", "--coordinator", await serve(context));
  assert.deepEqual([ended.code, ended.stdout], [0, "Study mnist-init has ended already: it is completed.\n"]);
});

test("stop --after-running says that the study waits for its running trials, as list and show do", async (context) => {
  const stopping = aStudy({ stopping: { reason: "enough", since: new Date(0) } });
  const modes: StopMode[] = [];
  const address = await serve(context, {
    getStudy: async () => ({ study: stopping }),
    listStudies: async () => ({ studies: [stopping] }),
    async stopStudy({ mode }) {
      modes.push(mode);
      return { study: stopping };
    },
  });
  const { stdout } = await sintonia("stop", "mnist-init", "--after-running", "--coordinator", address);
  assert.equal(stdout, "Study mnist-init stops once its running trials have ended.\n");
  await sintonia("stop", "mnist-init", "--coordinator", address);
  assert.deepEqual(modes, [StopMode.AFTER_RUNNING, StopMode.NOW]);
  const shown = await sintonia("show", "mnist-init", "--coordinator", address);
  assert.match(shown.stdout, /^State +active, stops once its running trials have ended$/m);
  assert.match((await sintonia("list", "--coordinator", address)).stdout, /^mnist-init +stopping /m);
});

test("pause and resume say how the study is, for a person and for a program", async (context) => {
  const address = await serve(context);
  const call = (...words: string[]) => sintonia(...words, "mnist-init", "--coordinator", address);
  const paused = await call("pause", "--reason", "machines needed");
  assert.equal(paused.stdout, "Study mnist-init is paused, for this reason: machines needed.\n");
  const { pause, state } = JSON.parse((await call("pause", "--reason", "machines needed", "--json")).stdout);
  assert.deepEqual([state, pause], ["active", { reason: "machines needed", since: "1970-01-01T00:00:00.000Z" }]);
  const pausedStudy = aStudy({ pause: { reason: "machines needed", since: new Date(0) } });
  const coordinator = await serve(context, {
    getStudy: async () => ({ study: pausedStudy }),
    listStudies: async () => ({ studies: [pausedStudy] }),
  });
  const shown = await sintonia("show", "mnist-init", "--coordinator", coordinator);
  assert.match(shown.stdout, /^State +active, paused since 1970-01-01 00:00:00 UTC$/m);
  const listed = await sintonia("list", "--coordinator", coordinator);
  assert.match(listed.stdout, /^mnist-init +paused /m);
  assert.equal((await call("resume")).stdout, "Study mnist-init is active.\n");
});

test("trainers lists the trainers of all pages, for a person and for a program", async (context) => {
  const address = await serve(context);
  const { code, stdout } = await sintonia("trainers", "--coordinator", address);
  assert.equal(code, 0);
  assert.match(stdout, /^trainer-1 +at work +onnx +small +0 +8 GiB +mnist-init 03, epoch 4 /m);
  assert.match(stdout, /^trainer-2 /m);
  assert.match(stdout, /^Study wide has set trainer-1 aside. No data.$/m);
  const { trainers } = JSON.parse((await sintonia("trainers", "--coordinator", address, "--json")).stdout);
  assert.deepEqual(trainers[1], {
    id: "trainer-2",
    engine: "onnx",
    since: "1970-01-01T00:00:00.000Z",
    lastSeen: "1970-01-01T00:01:00.000Z",
    trials: [{ study: "mnist-init", trial: "03", attempt: 2, epoch: { execution: 0, epoch: 4 } }],
    setAsideBy: [{ study: "wide", trial: "0", reason: "No data.", since: "1970-01-01T00:00:01.000Z" }],
    cordon: null,
    equipment: { flavour: "small", gpus: 0, gpuMemoryBytes: null, memoryBytes: 2 ** 33 },
  });
});

test("cancel says how the trial is, for a person and for a program", async (context) => {
  const words = ["cancel", "mnist-init", "3", "--reason", "too slow", "--coordinator", await serve(context)];
  assert.equal((await sintonia(...words)).stdout, "Trial 3 of study mnist-init is cancelled.\n");
  const { id, state, message } = JSON.parse((await sintonia(...words, "--json")).stdout);
  assert.deepEqual([id, state, message], ["3", "cancelled", "too slow"]);
});

test("extend says how many trials the study may have", async (context) => {
  const words = ["extend", "mnist-init", "--coordinator", await serve(context)];
  assert.equal(
    (await sintonia(...words, "--trials", "50")).stdout,
    "Study mnist-init is active and may have 50 trials.\n",
  );
  assert.equal((await sintonia(...words, "--trials", "10001")).code, 2);
});

test("enqueue sends the values in their types, and retry the trial; both name the new trial", async (context) => {
  const sent: unknown[] = [];
  const address = await serve(context, {
    async enqueueTrial({ values }) {
      sent.push(Object.entries(values).map(([name, { kind }]) => [name, kind?.$case, kind?.value]));
      return { trialId: "4", existed: false };
    },
  });
  const given = ["rate=0.003", "bias=true", "activation=relu", 'width="64"'].flatMap((value) => ["--value", value]);
  const enqueued = await sintonia("enqueue", "mnist-init", ...given, "--coordinator", address);
  assert.equal(enqueued.stdout, "Trial 4 of study mnist-init has the values.\n");
  assert.deepEqual(sent, [
    [
      ["rate", "doubleValue", 0.003],
      ["bias", "booleanValue", true],
      ["activation", "categoricalValue", "relu"],
      ["width", "categoricalValue", "64"],
    ],
  ]);
  const wrong = await sintonia("enqueue", "mnist-init", "--value", "rate", "--coordinator", address);
  assert.deepEqual([wrong.code, wrong.stderr.includes("Expected NAME=VALUE.")], [2, true]);
  const retried = await sintonia("retry", "mnist-init", "3", "--json", "--coordinator", address);
  assert.deepEqual(JSON.parse(retried.stdout), { study: "mnist-init", trial: "5", existed: true, retries: "3" });
});

test("cordon, drain and uncordon say what the trainer does from now on", async (context) => {
  const address = await serve(context);
  const call = (...words: string[]) => sintonia(...words, "trainer-1", "--coordinator", address);
  const cordoned = await call("cordon", "--reason", "new disk");
  assert.equal(
    cordoned.stdout,
    "Trainer trainer-1 is cordoned, for this reason: new disk. It finishes its trial and gets no other.\n",
  );
  const drained = JSON.parse((await call("drain", "--reason", "new disk", "--json")).stdout);
  assert.deepEqual(drained, {
    trainer: "trainer-1",
    cordon: { reason: "new disk", since: "1970-01-01T00:00:00.000Z", drains: true },
  });
  assert.equal((await call("uncordon")).stdout, "Trainer trainer-1 gets trials again.\n");
  const listing = await serve(context, {
    listTrainers: async () => ({
      trainers: [{ ...aTrainer("trainer-1"), cordon: { reason: "new disk", since: new Date(0), drains: true } }],
      nextPageToken: "",
    }),
  });
  const { stdout } = await sintonia("trainers", "--coordinator", listing);
  assert.match(stdout, /^trainer-1 +draining /m);
  assert.match(stdout, /^trainer-1 drains since 1970-01-01 00:00:00 UTC. new disk$/m);
});

test("every command takes the name of a study and the first letters of its id", async (context) => {
  const study = { ...ENDED, id: "wide-b00c1d", name: "wide" };
  const address = await serve(context, {
    getStudy: async ({ studyId }) => studyNamed(studyId, study),
    listStudies: async () => ({ studies: [study] }),
    async *watchStudy() {
      yield { study, trials: [TRIAL], trainerCount: 1 };
    },
  });
  for (const name of ["wide-b00c1d", "wide", "wide-b"]) {
    for (const command of ["show", "watch", "stop", "pause", "resume", "best", "importance", "plot"]) {
      const { code, stderr } = await sintonia(command, name, "--coordinator", address);
      assert.deepEqual([code, stderr], [0, ""], `${command} ${name}`);
    }
    assert.equal((await sintonia("explain", name, "0", "--coordinator", address)).code, 0);
  }
});

/** Answers GetStudy for a coordinator with one study. */
function studyNamed(studyId: string, study: ReturnType<typeof aStudy>) {
  if (studyId !== study.id) throw new ServerError(Status.NOT_FOUND, `no study has the id ${studyId}`);
  return { study };
}

/** A coordinator with the given studies that records the requests to create one. */
function creations(studies: readonly ReturnType<typeof aStudy>[]) {
  const sent: { spec: string; studyId: string }[] = [];
  const changes: Partial<AdminServiceImplementation> = {
    listStudies: async () => ({ studies: [...studies] }),
    async createStudy(request) {
      sent.push(request);
      return { study: aStudy({ id: request.studyId || "mnist-init-a5f11c" }), existed: false };
    },
  };
  return { sent, changes };
}

test("create starts a study under its name, which the other commands take", async (context) => {
  const { sent, changes } = creations([]);
  const address = await serve(context, changes);
  const { code, stdout } = await sintonia("create", "mnist-init", "--coordinator", address);
  assert.equal(code, 0);
  assert.deepEqual(
    sent.map(({ studyId }) => studyId),
    ["mnist-init"],
  );
  assert.match(stdout, /^Started study mnist-init\nTo follow the study: sintonia watch mnist-init --coordinator /);
});

test("create starts no second study of a name by itself, and says what to do", async (context) => {
  const specJson = JSON.stringify(specToJson(loadSpec("mnist-init")));
  const { sent, changes } = creations([aStudy({ id: "mnist-init-77aa00", specJson })]);
  const address = await serve(context, changes);
  const create = (...args: string[]) => sintonia("create", "mnist-init", ...args, "--coordinator", address);
  const same = await create();
  assert.equal(same.code, 0);
  assert.match(same.stdout, /^Study mnist-init-77aa00 already exists with this spec\n/);
  assert.match(same.stdout, /To start another study with this spec: sintonia create SPEC --new\n$/);
  assert.deepEqual(sent, []);
  assert.deepEqual(JSON.parse((await create("--json")).stdout), {
    id: "mnist-init-77aa00",
    existed: true,
    state: "active",
  });
  await create("--new");
  await create("--id", "other");
  assert.deepEqual(
    sent.map(({ studyId }) => studyId),
    ["", "other"],
  );
  assert.equal((await create("--new", "--id", "other")).code, 2);
});

test("create refuses a name that a study with another spec has, and names the differences", async (context) => {
  const { seed: _, ...spec } = specToJson(loadSpec("mnist-init")) as { seed: number };
  const specJson = JSON.stringify({ ...spec, seed: 99 });
  const { sent, changes } = creations([aStudy({ specJson })]);
  const { code, stderr } = await sintonia("create", "mnist-init", "--coordinator", await serve(context, changes));
  assert.deepEqual([code, sent.length], [2, 0]);
  assert.match(stderr, /mnist-init exists with another spec: mnist-init \(different: seed\); .* --new, or .* --id/);
});

test("create warns of a goal that looks for the worst model, and starts the study", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-worst-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const { objective: _, ...spec } = specToJson(loadSpec("mnist-init")) as { objective: unknown };
  const worst = { ...spec, objective: { metric: "val_accuracy", goal: "minimize" } };
  writeFileSync(join(folder, "worst.yaml"), JSON.stringify(worst));
  const { sent, changes } = creations([]);
  const address = await serve(context, changes);
  const { code, stderr } = await sintonia("create", join(folder, "worst.yaml"), "--coordinator", address);
  assert.deepEqual([code, sent.length], [0, 1]);
  assert.match(
    stderr,
    /^warning: objective: minimize val_accuracy looks for the worst model; the usual goal is maximize\n$/,
  );
});

test("create prints the problems that the coordinator reports", async (context) => {
  let sent = "";
  const address = await serve(context, {
    listStudies: async () => ({ studies: [] }),
    async createStudy({ spec }) {
      sent = spec;
      throw new ServerError(Status.INVALID_ARGUMENT, "seed: received -1\nbudget.maxTrials: received 0");
    },
  });
  const { code, stderr } = await sintonia("create", "mnist-init", "--coordinator", address);
  assert.equal(JSON.parse(sent).name, "mnist-init");
  assert.deepEqual([code, stderr], [2, "error: seed: received -1\nbudget.maxTrials: received 0\n"]);
});

test("refuses a spec with mistakes before any call to the coordinator", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-create-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const spec = join(folder, "spec.yaml");
  writeFileSync(spec, "name: X\nseed: -1\nbudget: { maxTrials: 0 }\n");
  const { code, stderr } = await sintonia("create", spec, "--coordinator", "127.0.0.1:1");
  assert.equal(code, 2);
  for (const path of ["name", "seed", "budget.maxTrials"]) assert.match(stderr, new RegExp(`^${path}: `, "m"));
});

test("oracle answers every line, including a last line without a line break", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-oracle-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const spec = join(folder, "space.yaml");
  writeFileSync(spec, "parameters: { x0: { type: double, min: 0, max: 1 } }\nobjective: { goal: minimize }\n");
  const chunks = ['{"ask": 1}\n{"tell": {"id": "0", ', '"value": 1.5}}\nnonsense\r\n', '{"best": true}'];
  const { code, stdout, stderr } = await sintoniaReading(chunks, "oracle", "--spec", spec, "--seed", "3");
  assert.deepEqual([code, stderr], [0, ""]);
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(answers.length, 4);
  assert.deepEqual(answers[0], { id: "0", values: { x0: 0.5 } });
  assert.deepEqual(answers[1], { ok: true });
  assert.match(answers[2].error, /^not a line of JSON/);
  assert.deepEqual([answers[3].id, answers[3].value], ["0", 1.5]);
});

test("oracle refuses lines that are not UTF-8 or too long, and goes on", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-oracle-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const spec = join(folder, "space.yaml");
  writeFileSync(spec, "parameters: { x: { type: double, min: 0, max: 1 } }\n");
  const chunks = [Buffer.from('{"ask\xff": 1}\n', "latin1"), Buffer.alloc(1_048_576, "x"), '\n{"ask": 1}\n'];
  const { code, stdout } = await sintoniaReading(chunks, "oracle", "--spec", spec);
  assert.equal(code, 0);
  assert.deepEqual(stdout.trimEnd().split("\n"), [
    '{"error":"the line is not UTF-8; write it in this encoding, or other characters as \\\\uXXXX"}',
    '{"error":"the line is too long; a line has fewer than 1,048,576 bytes"}',
    '{"id":"0","values":{"x":0.5}}',
  ]);
});

test("oracle refuses a bad space with every problem and code 2", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-oracle-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const spec = join(folder, "space.yaml");
  writeFileSync(spec, "parameters: { x0: { type: double, min: 1, max: 0 } }\nconstraints: [x1 <= 1]\n");
  const { code, stderr } = await sintonia("oracle", "--spec", spec);
  assert.equal(code, 2);
  for (const path of ["parameters.x0.min", "constraints\\[0\\]"]) assert.match(stderr, new RegExp(`^${path}: `, "m"));
  assert.equal((await sintonia("oracle")).code, 2);
});

test("create sends the trials of another study, and refuses those of another objective", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-warm-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  let sent = "";
  const address = await serve(context, {
    async createStudy({ spec }) {
      sent = spec;
      return { study: ENDED, existed: false };
    },
  });
  const file = join(folder, "other.json");
  const { stdout } = await sintonia("show", "mnist-init", "--json", "--coordinator", address);
  writeFileSync(file, stdout);
  const create = ["create", "mnist-init", "--new", "--warm-start", file, "--coordinator", address];
  assert.equal((await sintonia(...create)).code, 0);
  assert.deepEqual(JSON.parse(sent).warmStart, [{ values: { stddev: 0.05 }, objective: 0.985 }]);

  writeFileSync(file, stdout.replace("val_accuracy", "val_loss"));
  const refused = await sintonia(...create);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /the objective there is to maximize val_loss, but the spec's is to maximize val_accuracy/,
  );
  writeFileSync(file, stdout.replaceAll("stddev", "width"));
  assert.match((await sintonia(...create)).stderr, /no completed trial lies in the spec's search space/);
  writeFileSync(file, "{}");
  assert.match((await sintonia(...create)).stderr, /other.json has no results of a study: a warm start needs the file/);
});
