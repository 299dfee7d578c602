import { Construct } from "constructs";
import { type AlarmScope, expression, mathAlarm, metric } from "./alarm.js";
import type { LogFilterName } from "./log-filters.js";
import { certificateFailures } from "./relay-log.js";

const FAILURE_PERCENT = 5;
const FAILURE_PERIOD_SECONDS = 300;
/**
 * One client without a sound credential fails about fifteen times for each call. Below so many failures in five minutes
 * it is a few people's fault and not the relays'.
 */
const LEAST_FAILURES = 100;
/** The certificate's timer runs every hour. */
const CERTIFICATE_PERIOD_SECONDS = 3600;

export interface RelayAlarmsProps extends AlarmScope {
  readonly metricNamespace: string;
}

/** What concerns all relays: they share the secret, and the authority of their certificates. */
export class RelayAlarms extends Construct {
  /** Literals. */
  readonly names: readonly string[];

  constructor(scope: Construct, id: string, props: RelayAlarmsProps) {
    super(scope, id);
    this.names = [this.failureRate(props), this.certificate(props)];
  }

  /** Not guarded by a number of allocations: when a secret is wrong, there is none. */
  private failureRate({ metricNamespace, ...scope }: RelayAlarmsProps): string {
    const count = (id: string, name: LogFilterName) =>
      metric(id, metricNamespace, name, "Sum", FAILURE_PERIOD_SECONDS);
    const failed = "FILL(failures, 0)";
    return mathAlarm(
      this,
      "failure-rate",
      scope,
      "turn-failure-rate",
      {
        alarmDescription: `More than ${FAILURE_PERCENT} % of clients' attempts are refused: the application and the relays may have different secrets`,
        comparisonOperator: "GreaterThanThreshold",
        threshold: FAILURE_PERCENT,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
      },
      [
        expression(
          "Percent refused",
          `IF(${failed} >= ${LEAST_FAILURES}, 100 * ${failed} / (${failed} + FILL(allocations, 0)), 0)`,
        ),
        count("failures", "AuthFailures"),
        count("allocations", "Allocations"),
      ],
    );
  }

  /** Renewal starts a month before the end: hours of failure are no emergency, and nobody else tells of them. */
  private certificate({ metricNamespace, ...scope }: RelayAlarmsProps): string {
    return mathAlarm(
      this,
      "certificate",
      scope,
      "turn-certificate",
      {
        alarmDescription:
          "A relay gets no certificate: within a month at most clients behind strict firewalls cannot reach it",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: "notBreaching",
      },
      [
        expression("Failed attempts", "FILL(failed, 0)"),
        metric("failed", metricNamespace, certificateFailures.metricName, "Sum", CERTIFICATE_PERIOD_SECONDS),
      ],
    );
  }
}
