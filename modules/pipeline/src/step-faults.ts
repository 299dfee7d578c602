import { oneOfFaults, rangeFaults } from "@telemedicina/core";
import { Token } from "cdktf";
import {
  buildspecFaultText,
  buildspecLengthFaultText,
  jsonKeyFaultText,
  lineNameFaultText,
  parameterNameFaultText,
  plainSecretFaultText,
  repeatedLineFaultText,
  repeatedSidFaultText,
  secretArnFaultText,
  takenLineFaultText,
  tokenFaultText,
} from "./errors.js";
import type { StepSettings } from "./settings.js";
import { sizes } from "./step.js";
import { deliveryVariables, runVariables } from "./variables.js";

const LINE_NAME = /^(?!CODEBUILD_)[A-Za-z_][A-Za-z0-9_]*$/;
const PATH = /^(?!\/)(?!.*\.\.)[\w./-]+\.ya?ml$/;
const BUILDSPEC_TEXT = /^version:\s*["']?0\.2["']?\s*$/m;
/** What CodeBuild takes as a text in the project. */
const LONGEST_BUILDSPEC = 25_600;
const SECRET_ARN = /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/;
const PARAMETER = /^[\w./-]+$/;

/** What a secret is called. `VITE_…` is in every browser, and its `KEY`s are meant to be. */
const SECRET_NAME = /SECRET|PASSWORD|PASSWD|PASSPHRASE|PRIVATE|CREDENTIAL|TOKEN/i;
const KEY_NAME = /(?:^|_)(?:API|ACCESS|APP)?KEYS?(?:$|_)/i;

/** @param takenSids of what the step may anyway */
export function stepFaults(prop: string, step: StepSettings, takenSids: readonly string[]): string[] {
  return [
    ...buildspecFaults(prop, step.buildspec),
    ...oneOfFaults(`${prop}.size`, step.size, Object.keys(sizes)),
    ...rangeFaults(`${prop}.timeoutMinutes`, step.timeoutMinutes, 5, 2160),
    ...lineFaults(prop, step),
    ...secretFaults(prop, step),
    ...Object.entries(step.parameters).flatMap(([name, value]) =>
      Token.isUnresolved(value) || PARAMETER.test(value)
        ? []
        : [parameterNameFaultText(`${prop}.parameters.${name}`, value)],
    ),
    ...sidFaults(prop, step, takenSids),
  ];
}

function buildspecFaults(prop: string, buildspec: string): string[] {
  if (Token.isUnresolved(buildspec)) return [tokenFaultText(`${prop}.buildspec`)];
  const sound = PATH.test(buildspec) || BUILDSPEC_TEXT.test(buildspec);
  if (!sound) return [buildspecFaultText(`${prop}.buildspec`, buildspec)];
  return buildspec.length > LONGEST_BUILDSPEC
    ? [buildspecLengthFaultText(`${prop}.buildspec`, buildspec.length, LONGEST_BUILDSPEC)]
    : [];
}

function lineFaults(prop: string, { variables, secrets, parameters }: StepSettings): string[] {
  const names = [variables, secrets, parameters].flatMap(Object.keys);
  const taken: readonly string[] = [...deliveryVariables, ...runVariables];
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...names.filter((name) => !LINE_NAME.test(name)).map((name) => lineNameFaultText(prop, name)),
    ...names.filter((name) => taken.includes(name)).map((name) => takenLineFaultText(prop, name)),
    ...[...repeated].map((name) => repeatedLineFaultText(prop, name)),
    ...Object.keys(variables)
      .filter(looksSecret)
      .map((name) => plainSecretFaultText(prop, name)),
  ];
}

function looksSecret(name: string): boolean {
  return SECRET_NAME.test(name) || (!name.startsWith("VITE_") && KEY_NAME.test(name));
}

function secretFaults(prop: string, { secrets }: StepSettings): string[] {
  return Object.entries(secrets).flatMap(([name, { secretArn, jsonKey }]) => [
    ...(Token.isUnresolved(secretArn) || SECRET_ARN.test(secretArn)
      ? []
      : [secretArnFaultText(`${prop}.secrets.${name}`)]),
    ...(jsonKey === undefined || /^[^:\s]+$/.test(jsonKey)
      ? []
      : [jsonKeyFaultText(`${prop}.secrets.${name}`, jsonKey)]),
  ]);
}

function sidFaults(prop: string, { statements }: StepSettings, taken: readonly string[]): string[] {
  const sids = statements.map(({ Sid }) => Sid);
  const repeated = sids.filter((sid, index) => taken.includes(sid) || sids.indexOf(sid) !== index);
  return [...new Set(repeated)].map((sid) => repeatedSidFaultText(prop, sid));
}
