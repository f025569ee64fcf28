// A recorded dialogue of `sintonia oracle` as text: the spec, then each input line after "> " and
// each answer line after "< ".

export interface Transcript {
  /** Spec of the oracle as JSON text. */
  readonly spec: string;
  /** Lines of standard input. */
  readonly input: readonly string[];
  /** Lines of standard output. */
  readonly output: readonly string[];
}

/** An input line and the lines of its answer. */
export interface Exchange {
  readonly line: string;
  readonly answers: readonly string[];
}

/** Formats a dialogue as text. */
export function formatTranscript(spec: object, exchanges: readonly Exchange[]): string {
  const lines = exchanges.flatMap(({ line, answers }) => [`> ${line}`, ...answers.map((answer) => `< ${answer}`)]);
  return `${[`spec ${JSON.stringify(spec)}`, ...lines].join("\n")}\n`;
}

/** Parses the output of `formatTranscript`. */
export function parseTranscript(text: string): Transcript {
  const lines = text.trimEnd().split("\n");
  const behind = (prefix: string) =>
    lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
  const [spec] = behind("spec ");
  if (spec === undefined) throw new Error("a transcript begins with its spec");
  return { spec, input: behind("> "), output: behind("< ") };
}
