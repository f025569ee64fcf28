// Series on which each alert fires, and series near them on which it does not.

/** Values by series, one a minute, in promtool's notation: `start+stepxcount`. */
export type Series = Readonly<Record<string, string>>;

/** The cases of an alert. */
interface RuleCase {
  /** Series with the fault from the start. */
  readonly faulty: Series;
  /** A time at which the fault has not lasted long enough. */
  readonly early: string;
  /** A time at which the alert fires. */
  readonly late: string;
  /** Series without the fault, until the late time. */
  readonly sound: Series;
}

const STORED = 'sintonia_log_append_seconds_bucket{outcome="stored",';

/** Returns the histogram of 60 appends a minute of which so many take more than a second. */
function appends(slow: number): Series {
  return {
    [`${STORED}le="1"}`]: `0+${60 - slow}x40`,
    [`${STORED}le="5"}`]: "0+60x40",
    [`${STORED}le="+Inf"}`]: "0+60x40",
  };
}

/** The cases by the name of the alert. */
export const RULE_CASES: Readonly<Record<string, RuleCase>> = {
  SintoniaNoLeader: {
    faulty: { 'sintonia_leader{instance="a"}': "0x20", 'sintonia_leader{instance="b"}': "0x20" },
    early: "0m",
    late: "5m",
    sound: { 'sintonia_leader{instance="a"}': "0x20", 'sintonia_leader{instance="b"}': "1x20" },
  },
  SintoniaPartFailing: {
    faulty: { 'sintonia_healthy{part="nats"}': "1x20", 'sintonia_healthy{part="state folder"}': "0x20" },
    early: "1m",
    late: "3m",
    sound: { 'sintonia_healthy{part="nats"}': "1 0 1 0 1 0 1", 'sintonia_healthy{part="state folder"}': "1x20" },
  },
  SintoniaStoreNotDurable: {
    faulty: { sintonia_store_durable: "0x20" },
    early: "4m",
    late: "6m",
    sound: { sintonia_store_durable: "1x20" },
  },
  SintoniaStudySetAside: {
    faulty: { sintonia_studies_damaged: "0 1x20" },
    early: "0m",
    late: "1m",
    sound: { sintonia_studies_damaged: "0x20" },
  },
  SintoniaEvaluationWaiting: {
    faulty: { sintonia_evaluations_waiting: "1x20" },
    early: "4m",
    late: "6m",
    sound: { sintonia_evaluations_waiting: "0x20" },
  },
  SintoniaStateFolderFilling: {
    faulty: { sintonia_state_folder_available_bytes: "1000000000x20" },
    early: "4m",
    late: "6m",
    sound: { sintonia_state_folder_available_bytes: "2000000000x20" },
  },
  SintoniaNoTrainers: {
    faulty: { sintonia_trainers_wanted: "4x20", sintonia_trainers: "0x20" },
    early: "9m",
    late: "11m",
    sound: { sintonia_trainers_wanted: "4x20", sintonia_trainers: "1x20" },
  },
  SintoniaTrainersSetAside: {
    faulty: { sintonia_trainers_set_aside_total: "0 0 0 1x20" },
    early: "2m",
    late: "5m",
    sound: { sintonia_trainers_set_aside_total: "3x20" },
  },
  SintoniaTrainerRefused: {
    faulty: { 'sintonia_trainer_refused{instance="a"}': "1x20", 'sintonia_trainer_refused{instance="b"}': "0x20" },
    early: "4m",
    late: "6m",
    sound: { sintonia_trainer_refused: "0x20" },
  },
  SintoniaStaleReports: {
    faulty: { 'sintonia_reports_total{outcome="lease_lost"}': "0+2x20" },
    early: "3m",
    late: "15m",
    sound: {
      'sintonia_reports_total{outcome="lease_lost"}': "0 1 2 3x20",
      'sintonia_reports_total{outcome="accepted"}': "0+900x20",
    },
  },
  SintoniaReportsRefused: {
    faulty: { 'sintonia_reports_total{outcome="overloaded"}': "0+1x20" },
    early: "9m",
    late: "15m",
    sound: {
      'sintonia_reports_total{outcome="unavailable"}': "0 9x20",
      'sintonia_reports_total{outcome="accepted"}': "0+9x20",
    },
  },
  SintoniaAppendsSlow: { faulty: appends(2), early: "9m", late: "15m", sound: appends(0) },
  SintoniaRecordsMended: {
    faulty: { sintonia_log_records_mended_total: "0 0 5x20" },
    early: "1m",
    late: "3m",
    sound: { sintonia_log_records_mended_total: "5x20" },
  },
};
