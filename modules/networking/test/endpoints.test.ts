import type { Block } from "@telemedicina/core/testing";
import { describe, expect, it } from "vitest";
import { interfaceServices } from "../src/index.js";
import { fullNetwork, idIn, idOf, network } from "./support.js";

const byDefault = network();
const full = fullNetwork();
const owner = "${aws_vpc.network_vpc_4E8F0223.owner_id}";

describe("endpoints", () => {
  it("NET-11: routes the application's and TURN's S3 traffic through a gateway endpoint", () => {
    const endpoint = byDefault.only("aws_vpc_endpoint");

    expect(endpoint["vpc_endpoint_type"]).toBe("Gateway");
    expect(endpoint["service_name"]).toBe("com.amazonaws.us-east-1.s3");
    expect((endpoint["route_table_ids"] as string[]).map(idIn)).toEqual([
      "app-use1-az1-table",
      "app-use1-az2-table",
      "turn-table",
    ]);
  });

  it("NET-11: adds DynamoDB's, or leaves gateway endpoints out, where asked", () => {
    const services = (stack: ReturnType<typeof network>) =>
      stack.all("aws_vpc_endpoint").map((endpoint) => endpoint.attributes["service_name"]);

    expect(services(network({ gatewayEndpoints: ["s3", "dynamodb"] }))).toEqual([
      "com.amazonaws.us-east-1.dynamodb",
      "com.amazonaws.us-east-1.s3",
    ]);
    expect(services(network({ gatewayEndpoints: [] }))).toEqual([]);
  });

  it("NET-11: lets own identities at own resources through, and hosts at what AWS serves from S3", () => {
    const [own, aws] = statements(endpoint("s3"));

    expect(own).toEqual({
      Sid: "OwnIdentitiesOnOwnResources",
      Effect: "Allow",
      Principal: "*",
      Action: "*",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalAccount": owner, "aws:ResourceAccount": owner } },
    });
    expect(aws).toMatchObject({ Sid: "ReadWhatAwsServes", Effect: "Allow", Action: "s3:GetObject" });
    expect(aws?.["Resource"]).toEqual(
      expect.arrayContaining([
        "arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*",
        "arn:aws:s3:::amazon-ssm-us-east-1/*",
        "arn:aws:s3:::aws-codedeploy-us-east-1/*",
        "arn:aws:s3:::patch-baseline-snapshot-us-east-1/*",
      ]),
    );
    // No star but the one behind a whole bucket name: an endpoint that reads any bucket would let data out.
    for (const arn of (aws?.["Resource"] ?? []) as string[])
      expect(arn).toMatch(/^arn:aws:s3:::[a-z0-9-]+\/\*$/);
    expect(statements(endpoint("s3"))).toHaveLength(2);
  });

  it("NET-11: gives DynamoDB's endpoint own identities and own tables alone", () => {
    expect(statements(endpoint("dynamodb")).map((statement) => statement["Sid"])).toEqual([
      "OwnIdentitiesOnOwnResources",
    ]);
  });

  it("NET-11: puts interface endpoints into the application subnets of every zone, with private DNS and their own group", () => {
    const endpoints = full
      .all("aws_vpc_endpoint")
      .filter(({ attributes }) => attributes["vpc_endpoint_type"] === "Interface");

    expect(endpoints.map(idOf)).toEqual(["codedeploy", "ssm", "ssmmessages"]);
    for (const { attributes } of endpoints) {
      expect((attributes["subnet_ids"] as string[]).map(idIn)).toEqual([
        "app-use1-az1",
        "app-use1-az2",
        "app-use1-az4",
      ]);
      expect((attributes["security_group_ids"] as string[]).map(idIn)).toEqual(["endpoints"]);
      expect(attributes["private_dns_enabled"]).toBe(true);
    }
    expect(endpoints.map(({ attributes }) => attributes["service_name"])).toEqual([
      "com.amazonaws.us-east-1.codedeploy",
      "com.amazonaws.us-east-1.ssm",
      "com.amazonaws.us-east-1.ssmmessages",
    ]);
  });

  it("NET-11: makes no interface endpoint unless asked: each costs by the hour", () => {
    const types = byDefault.all("aws_vpc_endpoint").map(({ attributes }) => attributes["vpc_endpoint_type"]);

    expect(types).toEqual(["Gateway"]);
  });

  it("NET-11: gives every endpoint that takes a policy one that lets own identities alone through", () => {
    const all = network({ gatewayEndpoints: ["s3", "dynamodb"], interfaceEndpoints: interfaceServices });
    const takesOne = (block: Block) => block.attributes["policy"] !== undefined;
    const without = all.all("aws_vpc_endpoint").filter((block) => !takesOne(block));

    expect(all.all("aws_vpc_endpoint")).toHaveLength(interfaceServices.length + 2);
    expect(without.map(idOf)).toEqual(["codedeploy-commands-secure", "codedeploy", "email-smtp"]);
    for (const block of all.all("aws_vpc_endpoint").filter(takesOne)) {
      for (const statement of statements(block)) {
        const own = statement["Condition"] as { StringEquals?: Record<string, string> } | undefined;
        const readsAws = statement["Sid"] === "ReadWhatAwsServes";
        expect(own?.StringEquals?.["aws:PrincipalAccount"], block.address).toBe(readsAws ? undefined : owner);
      }
    }
  });
});

function endpoint(id: string): Block {
  const found = full.all("aws_vpc_endpoint").find((block) => idOf(block) === id);
  if (found === undefined) throw new Error(`No endpoint ${id}`);
  return found;
}

function statements(block: Block): readonly Readonly<Record<string, unknown>>[] {
  return JSON.parse(String(block.attributes["policy"])).Statement;
}
