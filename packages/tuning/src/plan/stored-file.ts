/** A file of a study, named by its content. */
export interface StoredFile {
  /** SHA-256 of the bytes, lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** True if its owner may execute it. @default false */
  readonly executable?: boolean;
}
