// What `terraform show -json` says of a plan, as the few words that a reviewer needs. Values stay out of it.

/** From what can lose data to what cannot. */
const ACTIONS = ["destroy", "replace", "forget", "update", "create", "import", "move"];

/** { changes: [{ action, address }], drift: [address], outputsChange } */
export function readChanges(plan) {
  const changes = sortChanges(
    (plan.resource_changes ?? [])
      .filter(({ mode }) => mode === "managed")
      .flatMap((change) => {
        const action = actionOf(change);
        return action === undefined ? [] : [{ action, address: change.address }];
      }),
  );
  const drifted = (plan.resource_drift ?? []).map(({ address }) => address);
  return {
    changes,
    // AWS fills in what was left open, and Terraform calls that drift as well: only what it repairs is worth a word.
    drift: changes.map(({ address }) => address).filter((address) => drifted.includes(address)),
    outputsChange: Object.values(plan.output_changes ?? {}).some(({ actions }) => actions[0] !== "no-op"),
  };
}

/** What can lose data first. */
export function sortChanges(changes) {
  return changes.toSorted(
    (a, b) => ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action) || (a.address < b.address ? -1 : 1),
  );
}

function actionOf({ change, previous_address: previous, address }) {
  const [first, second] = change.actions;
  if (second !== undefined) return "replace";
  if (first === "delete") return "destroy";
  if (first === "create" || first === "update" || first === "forget") return first;
  if (change.importing !== undefined) return "import";
  return previous !== undefined && previous !== address ? "move" : undefined;
}

/** "1 to replace, 2 to create", or "no change". */
export function count(changes) {
  const parts = ACTIONS.map((action) => [action, changes.filter((change) => change.action === action).length])
    .filter(([, number]) => number > 0)
    .map(([action, number]) => `${number} to ${action}`);
  return parts.length === 0 ? "no change" : parts.join(", ");
}
