// The table of calls: who may make each, and which leave an entry in the audit log. Handlers do not
// check that.

import { AdminServiceDefinition, type AdminServiceImplementation } from "@sintonia/proto/sintonia/v1/admin";
import { TrainerServiceDefinition, type TrainerServiceImplementation } from "@sintonia/proto/sintonia/v1/trainer";
import type { Role } from "@sintonia/protocol/caller";
import type { Access } from "@sintonia/runtime/grpc/security/authentication";

/** The rule of one call. */
interface CallRule {
  readonly roles: readonly Role[];
  /**
   * The calls that leave an entry. `all`: every call. `refused`: only failed ones, because a call
   * that succeeds changes nothing, or leaves an event with its lease in the study's log.
   */
  readonly audit: "all" | "refused";
}

const READ: CallRule = { roles: ["operator", "viewer"], audit: "refused" };
const CHANGE: CallRule = { roles: ["operator"], audit: "all" };
const TRAIN: CallRule = { roles: ["trainer", "operator"], audit: "refused" };
const SETTLE: CallRule = { roles: ["trainer", "operator"], audit: "all" };

const ADMIN_CALLS: Readonly<Record<keyof AdminServiceImplementation, CallRule>> = {
  createStudy: CHANGE,
  getStudy: READ,
  getCaller: READ,
  listStudies: READ,
  listTrials: READ,
  watchStudy: READ,
  stopStudy: CHANGE,
  pauseStudy: CHANGE,
  resumeStudy: CHANGE,
  cancelTrial: CHANGE,
  enqueueTrial: CHANGE,
  retryTrial: CHANGE,
  extendStudy: CHANGE,
  deleteStudy: CHANGE,
  importStudy: CHANGE,
  getBestTrial: READ,
  explainTrial: READ,
  getImportance: READ,
  listCurves: READ,
  getSurrogate: READ,
  listEvents: READ,
  downloadArtifact: READ,
  readStudyLog: READ,
  readOutput: READ,
  hasFiles: READ,
  uploadFile: CHANGE,
  listTrainers: READ,
  cordonTrainer: CHANGE,
  drainTrainer: CHANGE,
  uncordonTrainer: CHANGE,
};

const TRAINER_CALLS: Readonly<Record<keyof TrainerServiceImplementation, CallRule>> = {
  acquireLease: SETTLE,
  reportEpoch: TRAIN,
  reportEpochs: TRAIN,
  heartbeat: TRAIN,
  uploadArtifact: SETTLE,
  saveCheckpoint: TRAIN,
  downloadCheckpoint: TRAIN,
  resumeTrial: TRAIN,
  downloadFile: TRAIN,
  appendOutput: TRAIN,
  completeTrial: SETTLE,
  failTrial: SETTLE,
};

/** The calls of both services by path, such as "/sintonia.v1.AdminService/GetStudy". */
const CALLS: ReadonlyMap<string, CallRule> = new Map([
  ...rulesOf(AdminServiceDefinition, ADMIN_CALLS),
  ...rulesOf(TrainerServiceDefinition, TRAINER_CALLS),
]);

const HEALTH = "/grpc.health.v1.Health/";

/** Returns true for a call of the health service. */
export function isHealthCheck(path: string): boolean {
  return path.startsWith(HEALTH);
}

/**
 * The services that gRPC itself defines. Probes check the health and have no credentials;
 * reflection shows the published protocol to everybody who is known.
 */
const STANDARD_SERVICES: readonly (readonly [string, Access])[] = [
  [HEALTH, "open"],
  ["/grpc.reflection.v1.ServerReflection/", ["operator", "viewer", "trainer"]],
  ["/grpc.reflection.v1alpha.ServerReflection/", ["operator", "viewer", "trainer"]],
];

/** Returns who may make a call. Undefined for a call that the table does not have. */
export function accessOf(path: string): Access | undefined {
  return CALLS.get(path)?.roles ?? STANDARD_SERVICES.find(([service]) => path.startsWith(service))?.[1];
}

/** Returns true if a call leaves an entry in the audit log. */
export function isAudited(path: string, isRefused: boolean): boolean {
  const rule = CALLS.get(path);
  return rule !== undefined && (rule.audit === "all" || isRefused);
}

function rulesOf(
  { fullName, methods }: { readonly fullName: string; readonly methods: Readonly<Record<string, { name: string }>> },
  rules: Readonly<Record<string, CallRule>>,
): readonly (readonly [string, CallRule])[] {
  return Object.entries(rules).map(([key, rule]) => [`/${fullName}/${methods[key]?.name}`, rule]);
}
