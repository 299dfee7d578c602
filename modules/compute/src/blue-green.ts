import { faultsError, noneFaultText, rangeFaults } from "@telemedicina/core";
import type { Colour } from "./colour.js";
import { stepsFaultText, tooManyWatchedFaultText } from "./errors.js";
import type { FleetTarget } from "./load-balancer.js";
import { moduleFile } from "./module-file.js";

export interface BlueGreenProps {
  readonly region: string;
  /** `LoadBalancer.forwardArn`: what holds the weights. */
  readonly forwardArn: string;
  /** CodeDeploy's application. */
  readonly application: string;
  readonly colours: Readonly<Record<Colour, ColourProps>>;
  /** Fewest hosts of the colour that serves. Terraform ignores the groups' own from their birth on. */
  readonly minSize: number;
  /** Percent of the new colour, each step above the one before, 100 the last. @default [10, 50, 100] */
  readonly steps?: readonly number[] | undefined;
  /** Seconds that each step is watched, 180 to 3600: the alarm on unhealthy hosts needs two minutes. @default 300 */
  readonly pauseSeconds?: number | undefined;
  /** Minutes, 0 to 10080, that the colour before keeps its hosts: so long going back takes seconds. Costs a second fleet. @default 60 */
  readonly keepMinutes?: number | undefined;
  /** Minutes, 0 to 10080, that hosts with a release that failed are kept to be looked at. Costs a second fleet. @default 120 */
  readonly keepFailedMinutes?: number | undefined;
  /** Names of further alarms that stop a shift. One that says nothing stops it too. @default [] - those of the colour */
  readonly alarmNames?: readonly string[] | undefined;
}

export interface ColourProps {
  /** `LoadBalancer.target` for blue, `greenTarget` for green. */
  readonly target: FleetTarget;
  /** `Fleet.names.group`. */
  readonly group: string;
  /** CodeDeploy's deployment group for that fleet, in place, without traffic control: nobody is served there. */
  readonly deploymentGroup: string;
}

/** What the program reads with `--settings`. */
export interface BlueGreenSettings {
  readonly region: string;
  readonly forwardArn: string;
  readonly application: string;
  readonly minSize: number;
  readonly steps: readonly number[];
  readonly pauseSeconds: number;
  readonly keepMinutes: number;
  readonly keepFailedMinutes: number;
  readonly scaleSeconds: number;
  readonly deploySeconds: number;
  readonly steadySeconds: number;
  readonly healthSeconds: number;
  readonly settleSeconds: number;
  readonly pollSeconds: number;
  readonly alarms: readonly string[];
  readonly colours: Readonly<
    Record<Colour, Readonly<Record<"group" | "targetGroupArn" | "deploymentGroup", string>> & WatchedAlarms>
  >;
}

interface WatchedAlarms {
  readonly alarms: readonly string[];
}

const WEEK_MINUTES = 10_080;
/** What the program can ask for at a time, those of the colour among them. */
const MOST_ALARMS = 98;

/** Text of the program that shifts: Python 3.9 and the AWS CLI, nothing else. */
export function blueGreenProgram(): string {
  return moduleFile("blue-green.py");
}

/**
 * Its settings, for `JSON.stringify`; ARNs are references, so it belongs into an output, a parameter or a project's variable.
 *
 * @throws one error with every fault of the props
 */
export function blueGreenSettings(props: BlueGreenProps): BlueGreenSettings {
  const settings = resolve(props);
  const faults = settingsFaults(settings);
  if (faults.length > 0) throw faultsError("blueGreenSettings", faults);
  return settings;
}

/** For calls to AWS, which are no waits of the program's. */
const CALLS_SECONDS = 1800;

/**
 * Minutes after which a run of the program has ended by itself. What runs it must live as long: one that is killed gives
 * no traffic back.
 */
export function blueGreenTimeoutMinutes(settings: BlueGreenSettings): number {
  const { steps, pauseSeconds, scaleSeconds, deploySeconds, steadySeconds, healthSeconds, settleSeconds } =
    settings;
  // Twice: the colour that serves may grow while the release goes out, and CodeDeploy may be busy at first.
  const hosts = 2 * (scaleSeconds + deploySeconds + steadySeconds + healthSeconds);
  const traffic = settleSeconds + steps.length * (pauseSeconds + settleSeconds);
  return Math.ceil((hosts + traffic + CALLS_SECONDS) / 60);
}

function resolve(props: BlueGreenProps): BlueGreenSettings {
  return {
    region: props.region,
    forwardArn: props.forwardArn,
    application: props.application,
    minSize: props.minSize,
    steps: props.steps ?? [10, 50, 100],
    pauseSeconds: props.pauseSeconds ?? 300,
    keepMinutes: props.keepMinutes ?? 60,
    keepFailedMinutes: props.keepFailedMinutes ?? 120,
    // A host that has not said so by then has been ended by its launch hook, and another has been started.
    scaleSeconds: 2700,
    deploySeconds: 3600,
    // Longer than it takes the load balancer to notice that a host answers no longer: 45 s by default.
    steadySeconds: 60,
    healthSeconds: 900,
    settleSeconds: 600,
    pollSeconds: 10,
    alarms: props.alarmNames ?? [],
    colours: { blue: colour(props.colours.blue), green: colour(props.colours.green) },
  };
}

function colour({ target, group, deploymentGroup }: ColourProps): BlueGreenSettings["colours"][Colour] {
  return { group, targetGroupArn: target.targetGroupArn, deploymentGroup, alarms: target.alarmNames };
}

function settingsFaults(settings: BlueGreenSettings): string[] {
  const { steps, alarms } = settings;
  return [
    ...(settings.application === "" ? [noneFaultText("application", "character")] : []),
    ...rangeFaults("minSize", settings.minSize, 1, 1000),
    ...(isAscent(steps) ? [] : [stepsFaultText(steps)]),
    ...rangeFaults("pauseSeconds", settings.pauseSeconds, 180, 3600),
    ...rangeFaults("keepMinutes", settings.keepMinutes, 0, WEEK_MINUTES),
    ...rangeFaults("keepFailedMinutes", settings.keepFailedMinutes, 0, WEEK_MINUTES),
    ...(alarms.length > MOST_ALARMS ? [tooManyWatchedFaultText(alarms.length, MOST_ALARMS)] : []),
  ];
}

function isAscent(steps: readonly number[]): boolean {
  const ascends = steps.every((step, index) => Number.isInteger(step) && step > (steps[index - 1] ?? 0));
  return ascends && steps.at(-1) === 100;
}
