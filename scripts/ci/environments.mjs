// Usage: node scripts/ci/environments.mjs
// Which environments these workflows run, and by which roles: both follow from the environment files alone, so
// nothing has to be copied into GitHub's settings.
import { BOOTSTRAP, readDocument, readStacks } from "./stacks.mjs";
import { fail, setOutputs, warn } from "./workflow.mjs";

const accounts = {};
for (const stack of readStacks(BOOTSTRAP)) {
  const environment = stack.name.replace(/-bootstrap$/, "");
  const document = readDocument(stack);
  if (document.terraform.backend?.s3 === undefined) {
    warn(
      `${environment} does not keep its state in S3, so these workflows leave it to whoever runs it, such as HCP Terraform.`,
    );
    continue;
  }
  const { region, allowed_account_ids: ids } = document.provider.aws.find(({ alias }) => alias === undefined);
  accounts[environment] = {
    region,
    plan_role: roleArn(stack, document, ids[0], "plan_role_arn"),
    apply_role: roleArn(stack, document, ids[0], "apply_role_arn"),
  };
}
setOutputs({ names: JSON.stringify(Object.keys(accounts)), accounts: JSON.stringify(accounts) });

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
