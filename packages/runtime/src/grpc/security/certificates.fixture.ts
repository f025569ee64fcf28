// Certificates for tests, valid until 2126. Their keys are public: trust them nowhere else.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its private key, in PEM. */
interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** The pairs by name. */
export const PAIRS = {
  /** The authority of the others. */
  authority: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUJ/8GzwA/J5n70XSba9PG83C/hBIwCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXU2ludG9uaWEgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI4MTEy
NzM0WhgPMjEyNjExMDQxMTI3MzRaMCIxIDAeBgNVBAMMF1NpbnRvbmlhIHRlc3Qg
YXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEwhNapeD9ujd1smaJ
RX1fFKgEjY2a6uchsL17mV8C1WSXsQ/mJRdPzPhwP3LjEGsBhUSala37aKh4K2Ez
OWD1eaNTMFEwHQYDVR0OBBYEFCHyQJtl9udEiI84zWnkXqsmXiz1MB8GA1UdIwQY
MBaAFCHyQJtl9udEiI84zWnkXqsmXiz1MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
zj0EAwIDSQAwRgIhANqSJZaoBlHLnhtH3R9z1ojpcz0mwXDm8DplvnEoZUIcAiEA
nnzt1g+Sa0VV6UH0EqD+kke0gTnPgezAbUXL0zNYkQc=
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPca29ZKJYuhsvxbP
H+1LGtJPXTBFUIJX0n9MnwS6NumhRANCAATCE1ql4P26N3WyZolFfV8UqASNjZrq
5yGwvXuZXwLVZJexD+YlF0/M+HA/cuMQawGFRJqVrftoqHgrYTM5YPV5
-----END PRIVATE KEY-----
`,
  },
  /** A certificate for localhost and 127.0.0.1. */
  server: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIBxjCCAWygAwIBAgIUB/X8yGqthidmKzcIYkIJkq6W8/wwCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXU2ludG9uaWEgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI4MTEy
NzM0WhgPMjEyNjExMDQxMTI3MzRaMBYxFDASBgNVBAMMC2Nvb3JkaW5hdG9yMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAED/ShmOu7V57RRCFAJ9Qu77rBpjXiW+0f
gHHJlDK/ozLe0cBjYOLOPQy813CVr11WBK4gaTi0cN5e5ZjADunU2qOBiTCBhjAJ
BgNVHRMEAjAAMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAdBgNVHSUEFjAU
BggrBgEFBQcDAQYIKwYBBQUHAwIwHQYDVR0OBBYEFBgN0yQzJiwOng8dHD4ZXGAJ
BXDaMB8GA1UdIwQYMBaAFCHyQJtl9udEiI84zWnkXqsmXiz1MAoGCCqGSM49BAMC
A0gAMEUCIAjJpTmwIwYHvQkPtSE0tsERNOF+/PG+6qAycmMQvQTpAiEA2DgA7c2U
dFhTA/Aw1dtcEGiwSH5u51/so00GeXU73Mc=
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgELKI4yw/5AU1lphL
e1diXeic9i4PpHuG6F+3JN2qYVyhRANCAAQP9KGY67tXntFEIUAn1C7vusGmNeJb
7R+AccmUMr+jMt7RwGNg4s49DLzXcJWvXVYEriBpOLRw3l7lmMAO6dTa
-----END PRIVATE KEY-----
`,
  },
  /** A later certificate of the same server. */
  renewed: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIBzTCCAXSgAwIBAgIUB/X8yGqthidmKzcIYkIJkq6W8/0wCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXU2ludG9uaWEgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI4MTEy
NzM0WhgPMjEyNjExMDQxMTI3MzRaMB4xHDAaBgNVBAMME2Nvb3JkaW5hdG9yIHJl
bmV3ZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQIAwgYXWHtkwYnfiV22/1x
rSaDMQHWLXxpfeGUFfR2RCHFU4U7VO3/kxJ8jupR82lMEK/0SLwyxdoDNS6SiQg2
o4GJMIGGMAkGA1UdEwQCMAAwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMB0G
A1UdJQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjAdBgNVHQ4EFgQUmjvF+SiD6BcF
jFI0mYv/Dn7f77AwHwYDVR0jBBgwFoAUIfJAm2X250SIjzjNaeReqyZeLPUwCgYI
KoZIzj0EAwIDRwAwRAIgTg0zcsu/q/mcFEOdXvM49AZpZBOA85lLpHH4RaLeNZkC
IE43ql0nwyNcQovT1K/ir73Gfh2EocX6jGSx1GoV2X9H
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXc4ag+XXUAyJVQr5
7oc4kJOMzaB3+fHwzzrwY385ZDahRANCAAQIAwgYXWHtkwYnfiV22/1xrSaDMQHW
LXxpfeGUFfR2RCHFU4U7VO3/kxJ8jupR82lMEK/0SLwyxdoDNS6SiQg2
-----END PRIVATE KEY-----
`,
  },
  /** A client certificate of the trainer gpu-1. */
  trainer: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIB0jCCAXigAwIBAgIUB/X8yGqthidmKzcIYkIJkq6W8/4wCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXU2ludG9uaWEgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI4MTEy
NzM0WhgPMjEyNjExMDQxMTI3MzRaMCIxEDAOBgNVBAsMB3RyYWluZXIxDjAMBgNV
BAMMBWdwdS0xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkASdEBinZzBwEfCS
JpHbuv7gyI99J3OKOTG/t9Ihz/nIyKvJJSUl0IWc8QuhZhgE2uOaDzcXhq+xKGq2
s8AIg6OBiTCBhjAJBgNVHRMEAjAAMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAA
ATAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwHQYDVR0OBBYEFDDRPRVI
5PXDHSsTmWEeNpka8yasMB8GA1UdIwQYMBaAFCHyQJtl9udEiI84zWnkXqsmXiz1
MAoGCCqGSM49BAMCA0gAMEUCIQCnIJI9JItcnO+RPcjyxoNP66t5fVs/d+5b4sKu
3ea9CAIgPwxkEqk2i1CccvgnE9A3dVqhUTT++tZ8KH5FpUB8KM8=
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvQOtpuFo6/8FiA0X
xALzM2QwANow+zv+6AmWUjELPJahRANCAASQBJ0QGKdnMHAR8JImkdu6/uDIj30n
c4o5Mb+30iHP+cjIq8klJSXQhZzxC6FmGATa45oPNxeGr7EoarazwAiD
-----END PRIVATE KEY-----
`,
  },
  /** The certificate of a coordinator that forwards calls. */
  coordinator: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIB3TCCAYSgAwIBAgIULQVMzDd2M/DXbHlF69ipccE3ywswCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXU2ludG9uaWEgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI5MTAx
MjQ2WhgPMjEyNjExMDUxMDEyNDZaMC4xFDASBgNVBAsMC2Nvb3JkaW5hdG9yMRYw
FAYDVQQDDA1jb29yZGluYXRvci0xMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
p8pse1fXSu32fmK6Kat6twhFPShNLdWrCmcRYdG0nymI6mt9+AvOdnJB1oVFGh71
L/WvHss+wF4uxvJcsSYfhqOBiTCBhjAJBgNVHRMEAjAAMBoGA1UdEQQTMBGCCWxv
Y2FsaG9zdIcEfwAAATAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwHQYD
VR0OBBYEFHVf4aw3Nn9nUUzc+ZJbHFt3j5DeMB8GA1UdIwQYMBaAFCHyQJtl9udE
iI84zWnkXqsmXiz1MAoGCCqGSM49BAMCA0cAMEQCIGynzXpCs16/BZAWSizjSkbV
XrliBAhfrxjv8oLXruOgAiAZBbiqhpt9l7FmGSzMiPTdPxRvolvz61vPQZVDv2t0
eA==
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrTMyV/Ns+izlnvB7
bB6AIKNfzqvjU5mnvzm3x/fj1kOhRANCAASnymx7V9dK7fZ+Yropq3q3CEU9KE0t
1asKZxFh0bSfKYjqa334C852ckHWhUUaHvUv9a8eyz7AXi7G8lyxJh+G
-----END PRIVATE KEY-----
`,
  },
  /** A client certificate without a role. */
  nobody: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIBwDCCAWegAwIBAgIUB/X8yGqthidmKzcIYkIJkq6W8/8wCgYIKoZIzj0EAwIw
IjEgMB4GA1UEAwwXU2ludG9uaWEgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI4MTEy
NzM0WhgPMjEyNjExMDQxMTI3MzRaMBExDzANBgNVBAMMBm5vYm9keTBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABGjVK4gBkd/JXr8uVMAa98U4Q3vWDqvKaYwoyRx1
TlfZSWUab0sY6imf8ZE9I//PiJYaNeKhk6KVAT0pJ0IChayjgYkwgYYwCQYDVR0T
BAIwADAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0lBBYwFAYIKwYB
BQUHAwEGCCsGAQUFBwMCMB0GA1UdDgQWBBTri2d1m6QNBtF693qmhzhsxY5rEDAf
BgNVHSMEGDAWgBQh8kCbZfbnRIiPOM1p5F6rJl4s9TAKBggqhkjOPQQDAgNHADBE
AiBJg+hJ9MaAIK6RhRQdwFGRFJLEjw1u9fzt08Rbsalx0AIgGPbPe6P5a2vbrfTs
fpHhiieln/5OMuoK9qelDnrB6FA=
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCKziHDWiurZq1c9O
H88O8j9gy5ZU743nZE0ZJAXy1gChRANCAARo1SuIAZHfyV6/LlTAGvfFOEN71g6r
ymmMKMkcdU5X2UllGm9LGOopn/GRPSP/z4iWGjXioZOilQE9KSdCAoWs
-----END PRIVATE KEY-----
`,
  },
  /** A client certificate of the authority that nobody trusts. */
  foreign: {
    certificate: `-----BEGIN CERTIFICATE-----
MIIByjCCAXGgAwIBAgIUX/dHaQSnMUulf0/SQ3+s3X3B1scwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRQW5vdGhlciBhdXRob3JpdHkwIBcNMjYxMTI4MTEyNzM0WhgP
MjEyNjExMDQxMTI3MzRaMCExETAPBgNVBAsMCG9wZXJhdG9yMQwwCgYDVQQDDANl
dmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATtK5AHchDFpp2YYzXcEc6e9TqZ
77xgT1NSccg3Sy8wt+BwOmeuTwYwZiFq19GAEe5WlMRvzBdLTl28d9sHbFaEo4GJ
MIGGMAkGA1UdEwQCMAAwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMB0GA1Ud
JQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjAdBgNVHQ4EFgQUUlM1aAMR95KLmm/a
bt9eIHeJX2owHwYDVR0jBBgwFoAU7DpSN0eNTPWB+TgvJITSyppoJyAwCgYIKoZI
zj0EAwIDRwAwRAIgb2Jvt+QI4dOV8R1AWOJvuwrwr+LmCx2DVD2TQxFuZ/0CIEp0
IHZqrKh5NtHTikkkoJr7v+4ms4/SOcnDnKMc83pk
-----END CERTIFICATE-----
`,
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7sFxvaHSPlAl8SMv
swHhQhogSgPEm9XZxLnHafDKFdahRANCAATtK5AHchDFpp2YYzXcEc6e9TqZ77xg
T1NSccg3Sy8wt+BwOmeuTwYwZiFq19GAEe5WlMRvzBdLTl28d9sHbFaE
-----END PRIVATE KEY-----
`,
  },
} satisfies Readonly<Record<string, Pair>>;

/** A temporary folder with every pair as NAME.crt and NAME.key. */
export class CertificateFolder {
  readonly path = mkdtempSync(join(tmpdir(), "sintonia-certificates-"));

  constructor() {
    for (const name of Object.keys(PAIRS) as (keyof typeof PAIRS)[]) this.put(name, name);
  }

  /** Writes a pair under a name. */
  put(pair: keyof typeof PAIRS, name: string): void {
    writeFileSync(this.certificate(name), PAIRS[pair].certificate);
    writeFileSync(this.key(name), PAIRS[pair].key);
  }

  certificate(name: string): string {
    return join(this.path, `${name}.crt`);
  }

  key(name: string): string {
    return join(this.path, `${name}.key`);
  }

  delete(): void {
    rmSync(this.path, { recursive: true });
  }
}
