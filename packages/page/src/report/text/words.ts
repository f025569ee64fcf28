/** The texts of a report in one language. */
export interface Words {
  /** BCP 47 tag of the language. */
  readonly locale: string;
  readonly titles: {
    readonly result: string;
    readonly front: string;
    readonly setup: string;
    readonly test: string;
    readonly trials: string;
    readonly reproduction: string;
  };
  readonly columns: {
    readonly part: string;
    readonly value: string;
    readonly parameter: string;
    readonly kind: string;
    readonly range: string;
    readonly scale: string;
    readonly trial: string;
    readonly state: string;
    readonly deviation: string;
    readonly epochs: string;
    readonly duration: string;
    readonly figure: string;
    readonly here: string;
    readonly interval: string;
    readonly published: string;
  };
  readonly setup: {
    readonly objective: string;
    readonly limits: string;
    readonly pick: string;
    readonly data: string;
    readonly layer: (number: number) => string;
    readonly module: string;
    readonly program: string;
    readonly loss: string;
    readonly optimizer: string;
    readonly batchSize: string;
    readonly epochs: string;
    readonly callback: string;
    readonly oracle: string;
    readonly selection: string;
    readonly budget: string;
    readonly budgetText: (trials: string, executions: string) => string;
    readonly seed: string;
    readonly space: string;
  };
  /** Names of goals, states and selection rules. */
  readonly names: Readonly<Record<string, string>>;
  readonly result: {
    readonly none: string;
    readonly best: (trial: string, rule: string) => string;
    readonly values: (values: string) => string;
    readonly measured: (metric: string, value: string) => string;
    readonly expected: (mean: string, low: string, high: string) => string;
    readonly untied: (trial: string) => string;
    readonly tied: (trial: string, others: string) => string;
    readonly bestMeasured: (trial: string) => string;
    readonly time: (duration: string) => string;
    readonly state: (state: string) => string;
  };
  readonly front: {
    readonly meaning: string;
    readonly none: string;
  };
  readonly test: {
    readonly none: string;
    readonly examples: (count: string) => string;
    readonly source: (source: string) => string;
    readonly again: (count: string) => string;
    readonly front: (figures: string) => string;
  };
  readonly reproduction: {
    /** What the same spec gives again: of a network or a module, and of a program. */
    readonly how: string;
    readonly program: string;
    readonly spec: (name: string) => string;
    readonly version: (version: string, writtenAt: string) => string;
  };
}
