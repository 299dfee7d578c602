import { noneFaultText } from "@telemedicina/core";
import { instanceTypeFaultText, mixedArchitectureFaultText, repeatedTypeFaultText } from "./errors.js";

export type Architecture = "x86_64" | "arm64";

const INSTANCE_TYPE = /^[a-z][a-z0-9]*[0-9][a-z0-9-]*\.[a-z0-9-]+$/;
/** Graviton: a `g` behind the generation, as in t4g, m7gd, im4gn; and the first of them, a1. */
const GRAVITON = /^(?:a1|[a-z]+[0-9]+[a-z]*g[a-z]*)$/;
const BURSTABLE = /^t[0-9]/;

export function architectureOf(instanceType: string): Architecture {
  return GRAVITON.test(familyOf(instanceType)) ? "arm64" : "x86_64";
}

/** Whether the type has CPU credits: a small share of the CPU that it is sold for. */
export function isBurstable(instanceType: string): boolean {
  return BURSTABLE.test(familyOf(instanceType));
}

export function instanceTypeFaults(types: readonly string[]): string[] {
  if (types.length === 0) return [noneFaultText("instanceTypes", "type, such as t3.medium")];
  const strange = types.filter((type) => !INSTANCE_TYPE.test(type));
  const repeated = new Set(types.filter((type, index) => types.indexOf(type) !== index));
  const architectures = new Set(types.map(architectureOf));
  return [
    ...strange.map(instanceTypeFaultText),
    ...[...repeated].map(repeatedTypeFaultText),
    ...(strange.length === 0 && architectures.size > 1 ? [mixedArchitectureFaultText(types)] : []),
  ];
}

function familyOf(instanceType: string): string {
  return instanceType.split(".")[0] ?? "";
}
