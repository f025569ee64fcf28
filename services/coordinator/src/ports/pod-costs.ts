/** The deletion costs of the pods of trainers, which the cluster keeps. */
export interface PodCosts {
  /**
   * Writes the deletion cost of a pod. Nothing happens if there is no such pod.
   *
   * @throws {Error} if the cluster does not answer, or refuses
   */
  write(pod: string, cost: number): Promise<void>;
}
