/** Which figure says that a node's CPU is the limit. */
export interface CpuAlarm {
  readonly metricName: "CPUUtilization" | "EngineCPUUtilization";
  /** Percent above which it is. */
  readonly thresholdPercent: number;
}

/** Of the one core that the engine's main thread can use. */
const BUSY_PERCENT = 90;

const ONE_VCPU = /^cache\.(?:t2\.(?:micro|small)|m3\.medium)$/;
const TWO_VCPUS = /^cache\.(?:t[0-9][a-z]*\.(?:micro|small|medium)|[a-z]+[0-9][a-z]*\.large)$/;

/**
 * The engine works on one core. With one or two vCPUs AWS says to watch the host's figure, of which a busy engine is
 * the whole or the half, so that 80 % would never be reached; with more, the engine's own figure.
 */
export function cpuAlarm(nodeType: string): CpuAlarm {
  if (ONE_VCPU.test(nodeType)) return { metricName: "CPUUtilization", thresholdPercent: BUSY_PERCENT };
  if (TWO_VCPUS.test(nodeType)) return { metricName: "CPUUtilization", thresholdPercent: BUSY_PERCENT / 2 };
  return { metricName: "EngineCPUUtilization", thresholdPercent: BUSY_PERCENT };
}
