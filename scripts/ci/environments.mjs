// Usage: node scripts/ci/environments.mjs
// Which environments these workflows run: by Terraform here, with which roles, or by HCP Terraform. All of it follows
// from the environment files alone, so nothing has to be copied into GitHub's settings.
import { BOOTSTRAP, readDocument, readStacks } from "./stacks.mjs";
import { fail, setOutputs, warn } from "./workflow.mjs";

const accounts = {};
const hcp = [];
for (const stack of readStacks(BOOTSTRAP)) {
  if (!stack.name.endsWith("-bootstrap")) continue;
  const environment = stack.name.replace(/-bootstrap$/, "");
  const document = readDocument(stack);
  if (document.terraform.cloud !== undefined) {
    hcp.push(environment);
    continue;
  }
  if (document.terraform.backend?.s3 === undefined) {
    warn(`${environment} keeps its state in local files, so these workflows leave it to whoever has them.`);
    continue;
  }
  const { region, allowed_account_ids: ids } = document.provider.aws.find(({ alias }) => alias === undefined);
  accounts[environment] = {
    region,
    plan_role: roleArn(stack, document, ids[0], "plan_role_arn"),
    apply_role: roleArn(stack, document, ids[0], "apply_role_arn"),
  };
}
setOutputs({
  names: JSON.stringify(Object.keys(accounts)),
  accounts: JSON.stringify(accounts),
  hcp: JSON.stringify(hcp),
});

/** The output refers to a role of the same stack, whose name is known before it exists. */
function roleArn(stack, document, account, output) {
  const value = document.output?.[output]?.value ?? "";
  const [, id] = /^\$\{aws_iam_role\.([^.]+)\.arn\}$/.exec(value) ?? [];
  const name = document.resource?.aws_iam_role?.[id]?.name;
  if (name === undefined) {
    fail(
      `${stack.name}: the output ${output} is "${value}", not the ARN of one of its roles (apps/bootstrap).`,
    );
  }
  return `arn:aws:iam::${account}:role/${name}`;
}
