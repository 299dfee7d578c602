/** GiB for each vCPU, by family. */
const gibPerVcpu: Readonly<Record<string, number>> = {
  m5: 4,
  m5d: 4,
  m6g: 4,
  m6gd: 4,
  m6i: 4,
  m6id: 4,
  m7g: 4,
  m7i: 4,
  m8g: 4,
  r5: 8,
  r5d: 8,
  r6g: 8,
  r6gd: 8,
  r6i: 8,
  r6id: 8,
  r7g: 8,
  r7i: 8,
  r8g: 8,
};

const vcpus: Readonly<Record<string, number>> = {
  large: 2,
  xlarge: 4,
  "2xlarge": 8,
  "4xlarge": 16,
  "8xlarge": 32,
  "12xlarge": 48,
  "16xlarge": 64,
  "24xlarge": 96,
};

/** Burstable classes do not follow the rule of the others. */
const burstableGib: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

const burstableFamilies: readonly string[] = ["t3", "t4g"];

/** Memory of an RDS instance class in GiB; undefined for a class that is not in the table. */
export function memoryGiB(instanceClass: string): number | undefined {
  const [, family = "", size = ""] = instanceClass.split(".");
  if (burstableFamilies.includes(family)) return burstableGib[size];
  const perVcpu = gibPerVcpu[family];
  const count = vcpus[size];
  return perVcpu === undefined || count === undefined ? undefined : perVcpu * count;
}
