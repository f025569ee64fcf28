import type { LeaseKey } from "@sintonia/protocol/lease";
import type { Sha256 } from "@sintonia/protocol/names";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { type ServerError, Status } from "nice-grpc-common";

/** Uploads of a lease at once. A second one is the repeat of one whose connection broke. */
const CONCURRENT_MAX = 2;

/**
 * Uploads of a lease that no event names. A trainer saves each checkpoint before it uploads the
 * next; the others are repeats. With 1 GiB each, a lease fills at most 4 GiB.
 */
const UNNAMED_MAX = 4;

/** The uploads of the latest lease of a trial. */
interface Uploads {
  readonly token: number;
  running: number;
  readonly unnamed: Set<Sha256>;
}

/** The quota of uploads, for each lease. */
export class UploadQuota {
  readonly #uploads = new Map<string, Uploads>();

  /**
   * Runs an upload of a lease's holder.
   *
   * @throws {ServerError} if the lease has used its quota
   */
  async during(lease: LeaseKey, sha256: Sha256, upload: () => Promise<void>): Promise<void> {
    const uploads = this.#uploadsOf(lease);
    if (uploads.running >= CONCURRENT_MAX) throw exhausted(lease, `${CONCURRENT_MAX} uploads at once`);
    if (uploads.unnamed.size >= UNNAMED_MAX && !uploads.unnamed.has(sha256)) {
      throw exhausted(lease, `${UNNAMED_MAX} uploads that no saved checkpoint and no completed trial names`);
    }
    uploads.running += 1;
    uploads.unnamed.add(sha256);
    try {
      await upload();
    } catch (error) {
      uploads.unnamed.delete(sha256);
      throw error;
    } finally {
      uploads.running -= 1;
    }
  }

  /** Notes that an upload has been saved, or that it has been deleted. */
  release({ studyId, trialId }: LeaseKey, sha256: Sha256): void {
    this.#uploads.get(`${studyId}/${trialId}`)?.unnamed.delete(sha256);
  }

  /** Forgets the uploads of a trial that has ended. */
  forget({ studyId, trialId }: LeaseKey): void {
    this.#uploads.delete(`${studyId}/${trialId}`);
  }

  #uploadsOf({ studyId, trialId, token }: LeaseKey): Uploads {
    const key = `${studyId}/${trialId}`;
    const present = this.#uploads.get(key);
    if (present?.token === token) return present;
    const uploads: Uploads = { token, running: 0, unnamed: new Set() };
    this.#uploads.set(key, uploads);
    return uploads;
  }
}

function exhausted({ trialId, token }: LeaseKey, what: string): ServerError {
  const message = `The lease ${token} of trial ${trialId} has ${what} already.`;
  return refusal(Status.RESOURCE_EXHAUSTED, message, { reason: "UPLOADS_EXHAUSTED", facts: { trialId } });
}
