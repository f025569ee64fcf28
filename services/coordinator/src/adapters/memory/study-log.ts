import {
  type AppendResult,
  type RecordPosition,
  type StoredRecord,
  StoreUnavailableError,
  type StudyLog,
} from "../../ports/study-log.js";

interface Entry extends StoredRecord {
  readonly id: string;
}

/**
 * A StudyLog in memory that simulates faults. All studies share the revisions, so that each
 * study's revisions have gaps.
 */
export class MemoryStudyLog implements StudyLog {
  readonly #logs = new Map<string, Entry[]>();
  #revision = 0;
  #available = true;
  #answersToLose = 0;

  /** Makes every call fail as unavailable, or succeed again. */
  setAvailable(available: boolean): void {
    this.#available = available;
  }

  /** Makes the next append take effect and fail as unavailable. */
  loseNextAnswer(): void {
    this.#answersToLose += 1;
  }

  /** Loses the newest records of all studies, although they are acknowledged. */
  rollBack(count: number): void {
    this.#revision = Math.max(0, this.#revision - count);
    for (const [studyId, entries] of this.#logs) {
      const kept = entries.filter(({ revision }) => revision <= this.#revision);
      if (kept.length > 0) this.#logs.set(studyId, kept);
      else this.#logs.delete(studyId);
    }
  }

  /** Returns the bodies of all records, oldest first. */
  bodies(): readonly Uint8Array[] {
    const entries = [...this.#logs.values()].flat();
    return entries.sort((a, b) => a.revision - b.revision).map(({ body }) => body);
  }

  async studies(): Promise<readonly string[]> {
    this.#check();
    return [...this.#logs.keys()].sort();
  }

  async *read(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord> {
    this.#check();
    const records = this.#logs.get(studyId) ?? [];
    for (const { revision, body } of records.filter((record) => record.revision >= (from?.revision ?? 0))) {
      yield { revision, body: body.slice() };
      this.#check();
    }
  }

  async revision(studyId: string): Promise<number> {
    this.#check();
    return this.#logs.get(studyId)?.at(-1)?.revision ?? 0;
  }

  async last(studyId: string): Promise<StoredRecord | undefined> {
    this.#check();
    return this.#logs.get(studyId)?.at(-1);
  }

  async erase(studyId: string, before: number): Promise<"erased"> {
    this.#check();
    const kept = (this.#logs.get(studyId) ?? []).filter(({ revision }) => revision >= before);
    if (kept.length > 0) this.#logs.set(studyId, kept);
    else this.#logs.delete(studyId);
    return "erased";
  }

  async ensureReadable(): Promise<boolean> {
    this.#check();
    return true;
  }

  async append(studyId: string, body: Uint8Array, position: { after: number; id: string }): Promise<AppendResult> {
    this.#check();
    const result = this.#append(studyId, body, position);
    if (this.#answersToLose === 0) return result;
    this.#answersToLose -= 1;
    throw new StoreUnavailableError("the study log did not answer");
  }

  #append(studyId: string, body: Uint8Array, { after, id }: { after: number; id: string }): AppendResult {
    const log = this.#logs.get(studyId) ?? [];
    const next = log.find((entry) => entry.revision > after);
    if (next?.id === id) return { kind: "appended", revision: next.revision };
    if (next !== undefined || (log.at(-1)?.revision ?? 0) !== after) return { kind: "conflict" };
    this.#revision += 1;
    this.#logs.set(studyId, [...log, { revision: this.#revision, body: body.slice(), id }]);
    return { kind: "appended", revision: this.#revision };
  }

  #check(): void {
    if (!this.#available) throw new StoreUnavailableError("the study log is not available");
  }
}
