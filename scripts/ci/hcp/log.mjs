// Terraform's log of a plan or apply, one JSON document a line, as the few words that a reviewer needs: addresses and
// what happens to them. https://developer.hashicorp.com/terraform/internals/machine-readable-ui
import { sortChanges } from "../changes.mjs";

const ACTIONS = {
  create: "create",
  update: "update",
  delete: "destroy",
  replace: "replace",
  forget: "forget",
  import: "import",
  move: "move",
  remove: "forget",
};

/** HCP Terraform marks both ends of a complete log. */
const START = "\u0002";
const END = "\u0003";

/** { changes: [{ action, address }], drift: [address], outputsChange, errors: [text], complete } */
export function readLog(text) {
  const lines = text
    .replaceAll(START, "")
    .replaceAll(END, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const events = lines.flatMap(parse);
  const changes = sortChanges(
    events
      .filter(({ type }) => type === "planned_change")
      .flatMap(({ change }) => {
        const action =
          change.importing === undefined ? ACTIONS[change.action] : (ACTIONS[change.action] ?? "import");
        return action === undefined ? [] : [{ action, address: change.resource.addr }];
      }),
  );
  const drifted = events
    .filter(({ type }) => type === "resource_drift")
    .map(({ change }) => change.resource.addr);
  return {
    changes,
    drift: changes.map(({ address }) => address).filter((address) => drifted.includes(address)),
    outputsChange: events.some(
      ({ type, outputs }) => type === "outputs" && Object.values(outputs).some(changesOutput),
    ),
    errors: events
      .filter(({ diagnostic }) => diagnostic?.severity === "error")
      .map(({ diagnostic }) => describe(diagnostic)),
    complete: events.some(({ type }) => type === "change_summary"),
  };
}

/** In a plan an output has an action; in an apply a value, which is nobody's business here. */
function changesOutput({ action }) {
  return action !== undefined && action !== "noop";
}

function parse(line) {
  try {
    const event = JSON.parse(line);
    return typeof event === "object" && event !== null ? [event] : [];
  } catch {
    return [];
  }
}

function describe({ summary, detail, address }) {
  return [`Error: ${summary}`, ...(address ? [`  with ${address}`] : []), ...(detail ? [detail] : [])].join(
    "\n",
  );
}
