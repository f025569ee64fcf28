import type { Comparison, Environment, ExperimentEntry, ReproductionDocument } from "./document.js";

export const ENVIRONMENT: Environment = {
  sintonia: "0.1.0",
  node: "20.20.2",
  platform: "linux x64",
  processor: "AMD EPYC",
  cores: 2,
  engine: "onnx",
  trainers: 1,
};

/** 9,836 of 10,000 examples; the 95 % Wilson interval is 0.9809 to 0.9859. */
export function aComparison(fields: Partial<Comparison> = {}): Comparison {
  return {
    here: { accuracy: 0.9836, interval: [0.98092, 0.98591], examples: 10_000 },
    published: 0.9845,
    outsideBy: 0,
    ...fields,
  };
}

export function anEntry(fields: Partial<ExperimentEntry> = {}): ExperimentEntry {
  return {
    name: "mnist-init",
    dataset: "mnist",
    state: "completed",
    message: null,
    trials: 10,
    found: { stddev: 0.08937694101250947 },
    publishedValues: { stddev: 0.036970858597258155 },
    validation: aComparison({ published: 0.9850999712944031 }),
    test: aComparison(),
    refit: { ...aComparison({ published: null, outsideBy: null }), epochs: 34 },
    epochs: 1540,
    wallSeconds: 1020,
    trialSeconds: 2000,
    ...fields,
  };
}

export function aDocument(fields: Partial<ReproductionDocument> = {}): ReproductionDocument {
  return { format: 1, quick: false, environment: ENVIRONMENT, experiments: [anEntry()], ...fields };
}
