/** A file of a study, named by its content. */
export interface StoredFile {
  /** SHA-256 of the bytes, lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /**
   * Address from which trainers read the file: `https://`, `s3://` or `file://`.
   *
   * @default the coordinator stores the file, unless its path is an address
   */
  readonly source?: string;
  /** True if its owner may execute it. @default false */
  readonly executable?: boolean;
}
