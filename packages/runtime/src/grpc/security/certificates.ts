// Certificates in files. They are read again every few seconds, so that renewed ones take effect
// without a restart: open connections stay, new ones use the new certificates.

import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { experimental } from "@grpc/grpc-js";
import { messageOf, systemReasonOf, UserError } from "../../errors.js";

/** The part of grpc-js that takes changing certificates, and is marked experimental there. */
type CertificateProvider = experimental.CertificateProvider;

/** Interval of looks at the files, in milliseconds. Renewals come days before an expiry. */
const RELOAD_INTERVAL_MS = 10_000;

/** The paths of PEM files. */
export interface CertificateFiles {
  /** Certificates of the authorities that the other side must have its certificate from. */
  readonly ca?: string | undefined;
  /** Own certificate, with its chain. */
  readonly certificate?: string | undefined;
  /** Private key of the own certificate. */
  readonly key?: string | undefined;
}

type Contents = { readonly [K in keyof CertificateFiles]: Buffer };
type CaListener = Parameters<CertificateProvider["addCaCertificateListener"]>[0];
type IdentityListener = Parameters<CertificateProvider["addIdentityCertificateListener"]>[0];

/** Certificates for a gRPC server or client, which follow their files. */
export class WatchedCertificates implements CertificateProvider {
  readonly #files: CertificateFiles;
  readonly #onReload: (fault: Error | undefined) => void;
  readonly #caListeners = new Set<CaListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  #contents: Contents;
  #lastFault: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param onReload - told of changed files that take effect, and of a fault of changed files,
   *   which then do not
   * @throws {UserError} if a file cannot be read, or if key and certificate do not fit
   */
  constructor(files: CertificateFiles, onReload: (fault: Error | undefined) => void) {
    this.#files = files;
    this.#onReload = onReload;
    this.#contents = readFiles(files);
  }

  /** Reads the files. Changed and usable ones take effect for new connections. */
  reload(): void {
    try {
      const contents = readFiles(this.#files);
      this.#lastFault = undefined;
      if (isSame(contents, this.#contents)) return;
      this.#contents = contents;
      this.#onReload(undefined);
    } catch (error) {
      if (this.#lastFault === messageOf(error)) return;
      this.#lastFault = messageOf(error);
      this.#onReload(error as Error);
      return;
    }
    for (const listener of this.#identityListeners) listener(this.#identity());
    for (const listener of this.#caListeners) listener(this.#ca());
  }

  /** Tells whether the own certificate is valid at a time. True without one. */
  isValidAt(time: Date): boolean {
    const { certificate } = this.#contents;
    if (certificate === undefined) return true;
    const { validFrom, validTo } = new X509Certificate(certificate);
    return new Date(validFrom) <= time && time <= new Date(validTo);
  }

  /**
   * Tells a server other than gRPC's the present certificates at once, and changed ones later.
   *
   * @returns a function that ends it
   */
  follow(listener: (context: SecureContextOptions) => void): () => void {
    const tell = (): void => {
      const { certificate: cert, key, ca } = this.#contents;
      listener({ cert, key, ca });
    };
    tell();
    this.addIdentityCertificateListener(tell);
    return () => this.removeIdentityCertificateListener(tell);
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#caListeners.add(listener);
    this.#watch();
    process.nextTick(listener, this.#ca());
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#caListeners.delete(listener);
    this.#unwatch();
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    this.#watch();
    process.nextTick(listener, this.#identity());
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
    this.#unwatch();
  }

  #ca() {
    const { ca } = this.#contents;
    return ca === undefined ? null : { caCertificate: ca };
  }

  #identity() {
    const { certificate, key } = this.#contents;
    return certificate === undefined || key === undefined ? null : { certificate, privateKey: key };
  }

  #watch(): void {
    this.#timer ??= setInterval(() => this.reload(), RELOAD_INTERVAL_MS).unref();
  }

  #unwatch(): void {
    if (this.#caListeners.size + this.#identityListeners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** Reads the files, and checks that they can be used together. */
function readFiles({ ca, certificate, key }: CertificateFiles): Contents {
  const contents: { -readonly [K in keyof Contents]: Contents[K] } = {};
  if (ca !== undefined) contents.ca = readPem(ca, parseCertificate, "certificate");
  if (certificate !== undefined && key !== undefined) {
    contents.certificate = readPem(certificate, parseCertificate, "certificate");
    contents.key = readPem(key, createPrivateKey, "unencrypted private key");
    requirePair({ certificate, key }, contents.certificate, contents.key);
  }
  return contents;
}

function readPem(path: string, parse: (pem: Buffer) => unknown, what: string): Buffer {
  let pem: Buffer;
  try {
    pem = readFileSync(path);
  } catch (error) {
    throw new UserError(`cannot read the file for TLS ${path}: ${systemReasonOf(error)}`, { cause: error });
  }
  try {
    parse(pem);
    return pem;
  } catch (error) {
    throw new UserError(`the file for TLS ${path} has no ${what} in PEM`, { cause: error });
  }
}

/** Parses a certificate. X509Certificate alone accepts DER too, which TLS does not. */
function parseCertificate(pem: Buffer): X509Certificate {
  if (!pem.includes("-----BEGIN")) throw new Error("the file has no PEM");
  return new X509Certificate(pem);
}

function requirePair(paths: { certificate: string; key: string }, cert: Buffer, key: Buffer): void {
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const message = `the private key ${paths.key} does not belong to the certificate ${paths.certificate}`;
    throw new UserError(message, { cause: error });
  }
}

function isSame(one: Contents, other: Contents): boolean {
  const keys = ["ca", "certificate", "key"] as const;
  return keys.every((name) => Buffer.compare(one[name] ?? Buffer.alloc(0), other[name] ?? Buffer.alloc(0)) === 0);
}
