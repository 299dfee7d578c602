import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import {
  faultsError,
  logRetentionDays,
  type NameScope,
  noneFaultText,
  resourceName,
  resourceTags,
} from "@telemedicina/core";
import { Construct } from "constructs";
import { repeatedStreamFaultText, retentionFaultText } from "./errors.js";

export interface HostLogGroupsProps<Stream extends string> {
  /** What every name starts and ends with. A change replaces the groups; what is in them is lost. */
  readonly names: NameScope;
  /** Stands before the stream in the names. A change replaces the groups. @default "app" */
  readonly qualifier?: string | undefined;
  /** What hosts write, such as `nginx-error`: a group each, so that each can be searched, read and filtered alone. */
  readonly streams: readonly Stream[];
  /** Its policy must let `logs.<region>.amazonaws.com` use it. */
  readonly kmsKeyArn: string;
  /** A period CloudWatch Logs knows. Shorter deletes what is older. @default 60 */
  readonly retentionDays?: number | undefined;
}

/**
 * A log group for each kind of log that hosts write. Made before the hosts, which may not make any: a group that an
 * agent makes is unencrypted and kept for ever. About 0.50 US dollars a GB taken in (us-east-1).
 *
 * @throws one error with every fault of the props
 */
export class HostLogGroups<Stream extends string> extends Construct {
  /** Literals. */
  readonly names: Readonly<Record<Stream, string>>;
  readonly arns: Readonly<Record<Stream, string>>;

  constructor(scope: Construct, id: string, props: HostLogGroupsProps<Stream>) {
    super(scope, id);
    const { streams, retentionDays = 60 } = props;
    const faults = logFaults(streams, retentionDays);
    if (faults.length > 0) throw faultsError(this.node.path, faults);

    const names = byStream(streams, (stream) =>
      resourceName(props.names, "log-group", `${props.qualifier ?? "app"}-${stream}`),
    );
    this.names = names;
    this.arns = byStream(streams, (stream) =>
      this.group(stream, names[stream], props.kmsKeyArn, retentionDays),
    );
  }

  private group(stream: Stream, name: string, kmsKeyId: string, retentionInDays: number): string {
    return new CloudwatchLogGroup(this, stream, {
      name,
      retentionInDays,
      kmsKeyId,
      // Paths, e-mail addresses and exceptions with patients' data in them.
      tags: resourceTags(name, { tier: "backend", dataClassification: "sensitive" }),
    }).arn;
  }
}

function byStream<Stream extends string>(
  streams: readonly Stream[],
  value: (stream: Stream) => string,
): Record<Stream, string> {
  return Object.fromEntries(streams.map((stream) => [stream, value(stream)])) as Record<Stream, string>;
}

function logFaults(streams: readonly string[], retentionDays: number): string[] {
  const repeated = new Set(streams.filter((stream, index) => streams.indexOf(stream) !== index));
  return [
    ...(streams.length === 0 ? [noneFaultText("streams", "kind of log")] : []),
    ...[...repeated].map(repeatedStreamFaultText),
    ...(logRetentionDays.includes(retentionDays)
      ? []
      : [retentionFaultText(retentionDays, logRetentionDays)]),
  ];
}
