import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { CertificateFolder } from "@sintonia/runtime/grpc/security/certificates.fixture";

/**
 * Writes the certificate of localhost, its key and its authority under the names that controllers
 * of Kubernetes read: `tls.crt`, `tls.key` and `ca.crt`.
 *
 * @param folder - is made if it is missing
 */
export function writeServingCertificates(folder: string): void {
  const certificates = new CertificateFolder();
  mkdirSync(folder, { recursive: true });
  copyFileSync(certificates.certificate("authority"), join(folder, "ca.crt"));
  copyFileSync(certificates.certificate("server"), join(folder, "tls.crt"));
  copyFileSync(certificates.key("server"), join(folder, "tls.key"));
  certificates.delete();
}
