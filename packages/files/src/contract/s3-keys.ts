import type { Secret } from "@sintonia/runtime/secret";

/** Keys for requests to S3. */
export interface S3Keys {
  readonly accessKeyId: Secret;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret | undefined;
}
