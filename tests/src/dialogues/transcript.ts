// A recorded dialogue of `sintonia oracle` as a text: the spec, then each line of input behind "> " and each answer behind "< ".

export interface Transcript {
  /** The oracle's spec as JSON. */
  readonly spec: string;
  /** Lines of standard input. */
  readonly input: readonly string[];
  /** Lines of standard output. */
  readonly output: readonly string[];
}

/** An input line and the lines that answered it. */
export interface Exchange {
  readonly line: string;
  readonly answers: readonly string[];
}

/** Writes a dialogue as a text. */
export function formatTranscript(spec: object, exchanges: readonly Exchange[]): string {
  const lines = exchanges.flatMap(({ line, answers }) => [`> ${line}`, ...answers.map((answer) => `< ${answer}`)]);
  return `${[`spec ${JSON.stringify(spec)}`, ...lines].join("\n")}\n`;
}

/** Reads what `formatTranscript` wrote. */
export function parseTranscript(text: string): Transcript {
  const lines = text.trimEnd().split("\n");
  const behind = (prefix: string) =>
    lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
  const [spec] = behind("spec ");
  if (spec === undefined) throw new Error("a transcript begins with its spec");
  return { spec, input: behind("> "), output: behind("< ") };
}
