import { paragraph, type Section } from "../content/block.js";
import type { SectionContext } from "./context.js";

/** The program that wrote the report, and when. */
export interface Origin {
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly writtenAt: string;
}

/** Writes the section "Reproduction": the spec, and the command that runs it. */
export function reproductionSection(context: SectionContext, { version, writtenAt }: Origin): Section {
  const { words, spec } = context;
  const file = `${spec.name}.json`;
  return {
    id: "reproduction",
    title: words.titles.reproduction,
    blocks: [
      paragraph(spec.program === undefined ? words.reproduction.how : words.reproduction.program),
      { kind: "code", language: "sh", text: `sintonia run ${file}` },
      paragraph(words.reproduction.spec(file)),
      { kind: "code", language: "json", text: JSON.stringify(spec, null, 2) },
      paragraph(words.reproduction.version(version, writtenAt)),
    ],
  };
}
