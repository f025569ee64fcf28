import { STUDY_ID, type StudyId } from "@sintonia/protocol/names";
import { endOf, type OutputPart } from "@sintonia/protocol/output";
import { appended, keptBytes } from "../../core/output/segments.js";
import { OUTPUT_ATTEMPTS_MAX, type OutputKey, type OutputOwner, type OutputStore } from "../../ports/output-store.js";

/** Segments of one attempt by their starts. */
type Segments = Map<number, Uint8Array>;

/** An OutputStore in memory. */
export class MemoryOutputStore implements OutputStore {
  readonly #trials = new Map<string, Map<number, Segments>>();

  async append(key: OutputKey, part: OutputPart): Promise<number> {
    const attempts = this.#attemptsOf(key);
    const segments = attempts.get(key.attempt) ?? new Map<number, Uint8Array>();
    const { writes, deleted, endOffset } = appended(partsOf(segments).map(rangeOf), part);
    if (writes.length > 0) attempts.set(key.attempt, segments);
    for (const { start, bytes } of writes)
      segments.set(start, Buffer.concat([segments.get(start) ?? Buffer.alloc(0), bytes]));
    for (const start of deleted) segments.delete(start);
    const old = (await this.attempts(key)).slice(0, -OUTPUT_ATTEMPTS_MAX);
    for (const attempt of old) attempts.delete(attempt);
    return endOffset;
  }

  async read(key: OutputKey, from: number): Promise<readonly OutputPart[]> {
    const parts = partsOf(this.#attemptsOf(key).get(key.attempt) ?? new Map());
    const last = parts.at(-1);
    return last === undefined ? [] : parts.flatMap((part) => keptBytes(part, endOf(last), from) ?? []);
  }

  async attempts(owner: OutputOwner): Promise<readonly number[]> {
    return [...this.#attemptsOf(owner).keys()].sort((a, b) => a - b);
  }

  async studies(): Promise<readonly StudyId[]> {
    const names = [...this.#trials.keys()].map((name) => name.slice(0, name.indexOf("/")));
    return [...new Set(names)].flatMap((name) => STUDY_ID.parse(name) ?? []);
  }

  async deleteStudy(studyId: StudyId): Promise<void> {
    for (const name of this.#trials.keys()) if (name.startsWith(`${studyId}/`)) this.#trials.delete(name);
  }

  #attemptsOf({ studyId, trialId }: OutputOwner): Map<number, Segments> {
    const name = `${studyId}/${trialId}`;
    const attempts = this.#trials.get(name) ?? new Map<number, Segments>();
    this.#trials.set(name, attempts);
    return attempts;
  }
}

function partsOf(segments: Segments): OutputPart[] {
  return [...segments].map(([offset, bytes]) => ({ offset, bytes })).sort((a, b) => a.offset - b.offset);
}

function rangeOf(part: OutputPart) {
  return { start: part.offset, end: endOf(part) };
}
