import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@sintonia/runtime/errors";
import { childEnvironment, readTrainerConfig } from "./config.js";

test("an empty environment gives the defaults and a unique id", () => {
  const { trainerId, natsUrl, ...rest } = readTrainerConfig({ SINTONIA_TRAINER_NAME: "" });
  assert.equal(`${natsUrl}`, "nats://127.0.0.1:4222");
  assert.match(trainerId, /^.+-[0-9a-f]{6}$/);
  assert.deepEqual(rest, {
    natsStartMs: 30_000,
    flavour: undefined,
    natsUser: undefined,
    natsPassword: undefined,
    natsToken: undefined,
    natsNkey: undefined,
    natsCredentials: undefined,
    natsPrefix: "sintonia",
    natsTlsCaFile: undefined,
    natsTlsCertFile: undefined,
    natsTlsKeyFile: undefined,
    coordinatorAddress: "127.0.0.1:7230",
    coordinatorTls: undefined,
    coordinatorCaFile: undefined,
    coordinatorCertFile: undefined,
    coordinatorKeyFile: undefined,
    coordinatorTokenFile: undefined,
    engine: "onnx",
    engineThreads: 1,
    gpuDevice: undefined,
    trialsAtOnce: 1,
    gpuMemoryGrowth: true,
    gpuTf32: false,
    cudaCacheDir: undefined,
    dataDir: undefined,
    cacheDir: ".cache/data",
    fileCacheMib: 10_240,
    fileRoots: undefined,
    s3Endpoint: undefined,
    awsEndpoint: undefined,
    awsRegion: undefined,
    awsDefaultRegion: undefined,
    awsAccessKeyId: undefined,
    awsSecretAccessKey: undefined,
    awsSessionToken: undefined,
    awsRoleArn: undefined,
    awsWebIdentityTokenFile: undefined,
    awsRoleSessionName: undefined,
    awsStsEndpoint: undefined,
    awsContainerCredentials: undefined,
    awsContainerTokenFile: undefined,
    checkpointIntervalMs: 30_000,
    drainMs: 5_000,
    allowDownload: true,
    allowPrograms: false,
    programUser: undefined,
    httpsLogins: undefined,
    httpsProxy: undefined,
    httpsProxyLower: undefined,
    metricsAddress: undefined,
    noProxy: undefined,
    noProxyLower: undefined,
    otlpEndpoint: undefined,
    otlpProtocol: "http/protobuf",
    otlpTracesEndpoint: undefined,
    logLevel: "info",
    parentWatch: "none",
  });
});

test("two processes with the same name have different ids", () => {
  const env = { SINTONIA_TRAINER_NAME: "trainer-1" };
  const ids = [readTrainerConfig(env).trainerId, readTrainerConfig(env).trainerId];
  assert.notEqual(ids[0], ids[1]);
  assert.ok(ids.every((id) => id.startsWith("trainer-1-")));
});

test("an invalid environment is refused with all its problems", () => {
  const env = { SINTONIA_ENGINE: "torch", SINTONIA_ENGINE_THREADS: "0", SINTONIA_TRAINER_NAME: "x".repeat(101) };
  assert.throws(
    () => readTrainerConfig(env),
    (error) => error instanceof UserError && Object.keys(env).every((name) => error.message.includes(name)),
  );
});

test("the training child gets no address and no login of NATS, and no login of S3", () => {
  const env = {
    PATH: "/bin",
    SINTONIA_NATS_URL: "nats://ana:hunter2@nats",
    SINTONIA_NATS_PASSWORD_FILE: "/secret",
    AWS_SECRET_ACCESS_KEY: "hunter2",
    AWS_SECRET_ACCESS_KEY_FILE: "/secret",
    SINTONIA_ENGINE: "onnx",
  };
  assert.deepEqual(childEnvironment(env), { PATH: "/bin", SINTONIA_ENGINE: "onnx" });
});

test("the user of programs is a user's and a group's number", () => {
  assert.deepEqual(readTrainerConfig({ SINTONIA_PROGRAM_USER: "1001:100" }).programUser, { uid: 1001, gid: 100 });
  for (const wrong of ["nobody", "1001", "1001:", "-1:1"]) {
    assert.throws(() => readTrainerConfig({ SINTONIA_PROGRAM_USER: wrong }), /SINTONIA_PROGRAM_USER/);
  }
});
