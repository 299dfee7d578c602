import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { Annotations, type App, Aspects, TerraformElement, TerraformOutput, TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { awsProvider, configureBackend } from "../src/index.js";
import { synth, synthStack } from "../src/testing/index.js";

describe("test kit", () => {
  it("fails on an error annotation", () => {
    const build = () => synthStack((stack) => Annotations.of(stack).addError("not like this"));

    expect(build).toThrow("not like this");
  });

  it("fails on a validation", () => {
    const build = () =>
      synthStack((stack) => stack.node.addValidation({ validate: () => ["one fault", "another fault"] }));

    expect(build).toThrow(
      "Validation failed with the following errors:\n  [test] one fault\n  [test] another fault",
    );
  });

  it("runs aspects", () => {
    const json = synthStack((stack) => {
      new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
      Aspects.of(stack).add({
        visit: (node) => {
          if (TerraformElement.isTerraformElement(node) && node instanceof Vpc)
            node.enableDnsHostnames = true;
        },
      });
    });

    expect(json.only("aws_vpc")["enable_dns_hostnames"]).toBe(true);
  });

  it("resolves references between stacks as in production", () => {
    const stacks = synth((app) => {
      const one = stack(app, "one");
      const { id } = new Vpc(one, "vpc", { cidrBlock: "10.0.0.0/16" });
      new TerraformOutput(stack(app, "two"), "vpc-id", { value: id });
    });

    expect(stacks.get("one")?.document["output"]).toMatchObject({
      "cross-stack-output-aws_vpcvpcid": { value: "${aws_vpc.vpc.id}" },
    });
    expect(stacks.get("two")?.document["output"]).toMatchObject({
      "vpc-id": {
        value:
          "${data.terraform_remote_state.cross-stack-reference-input-one.outputs.cross-stack-output-aws_vpcvpcid}",
      },
    });
  });

  it("gives the stack under test a provider of the region and a backend without a machine's path", () => {
    const json = synthStack((stack) => new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" }), "sa-east-1");

    expect(json.document["provider"]).toEqual({ aws: [{ region: "sa-east-1" }] });
    expect(json.document["terraform"]).toMatchObject({ backend: { local: { path: "test.tfstate" } } });
  });
});

describe("StackJson", () => {
  const json = synthStack((stack) => {
    new Vpc(stack, "b", { cidrBlock: "10.1.0.0/16" });
    new Vpc(stack, "a", { cidrBlock: "10.0.0.0/16" });
  });

  it("finds all of a type in the order of their addresses, and none of another", () => {
    expect(json.all("aws_vpc").map(({ address, attributes }) => [address, attributes["cidr_block"]])).toEqual(
      [
        ["aws_vpc.a", "10.0.0.0/16"],
        ["aws_vpc.b", "10.1.0.0/16"],
      ],
    );
    expect(json.all("aws_subnet")).toEqual([]);
    expect(json.allData("aws_vpc")).toEqual([]);
  });

  it("finds a resource by its address, and lists the addresses", () => {
    expect(json.at("aws_vpc.b")["cidr_block"]).toBe("10.1.0.0/16");
    expect(json.addresses()).toEqual(["aws_vpc.a", "aws_vpc.b"]);
  });

  it("fails when there is not exactly one", () => {
    expect(() => json.only("aws_vpc")).toThrow(
      new Error("Stack test should have exactly one aws_vpc, found 2: aws_vpc.a, aws_vpc.b"),
    );
    expect(() => json.only("aws_subnet")).toThrow(
      new Error("Stack test should have exactly one aws_subnet, found 0: "),
    );
  });

  it("fails for an address that is not there, and says which are", () => {
    expect(() => json.at("aws_vpc.c")).toThrow(
      new Error("Stack test has no aws_vpc.c. It has: aws_vpc.a, aws_vpc.b"),
    );
  });
});

function stack(app: App, id: string): TerraformStack {
  const made = new TerraformStack(app, id);
  configureBackend(made, { backend: "local" }, id);
  awsProvider(made, { region: "us-east-1", accountId: "111111111111", defaultTags: {} });
  return made;
}
