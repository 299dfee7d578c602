import { ExtData, encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { fill } from "../../src/relay/fill.js";
import { SeedSource } from "../../src/relay/seeds.js";
import { encodeValue, hasUnknown, type ObjectValue } from "../../src/relay/values.js";
import { type HandMade, LIST, MAP, SET, SINGLE, schema, UNKNOWN } from "./fake.js";

function filled(
  hand: HandMade,
  planned: ObjectValue,
  type = "aws_thing",
  seeds = new SeedSource(),
): ObjectValue {
  const seed = seeds.next(type, encodeValue(planned));
  const result = fill(schema(hand), planned, { type, seed, region: "sa-east-1", account: "222222222222" });
  expect(hasUnknown(result)).toBe(false);
  return result;
}

const ID_AND_ARN: HandMade = { attributes: { id: ["string"], arn: ["string"] } };

describe("ids, ARNs and names of simulated resources", () => {
  it.each([
    ["aws_vpc", /^vpc-[0-9a-f]{17}$/, /^arn:aws:ec2:sa-east-1:222222222222:vpc\/vpc-[0-9a-f]{17}$/],
    ["aws_subnet", /^subnet-[0-9a-f]{17}$/, /^arn:aws:ec2:sa-east-1:222222222222:subnet\/subnet-/],
    ["aws_security_group", /^sg-[0-9a-f]{17}$/, /:security-group\/sg-/],
    ["aws_route_table", /^rtb-[0-9a-f]{17}$/, /:route-table\/rtb-/],
    ["aws_internet_gateway", /^igw-[0-9a-f]{17}$/, /:internet-gateway\/igw-/],
    ["aws_nat_gateway", /^nat-[0-9a-f]{17}$/, /:natgateway\/nat-/],
    ["aws_eip", /^eipalloc-[0-9a-f]{17}$/, /:elastic-ip\/eipalloc-/],
    ["aws_network_acl", /^acl-[0-9a-f]{17}$/, /:network-acl\/acl-/],
    ["aws_vpc_security_group_ingress_rule", /^sgr-[0-9a-f]{17}$/, /:security-group-rule\/sgr-/],
    ["aws_vpc_endpoint", /^vpce-[0-9a-f]{17}$/, /:vpc-endpoint\/vpce-/],
    ["aws_flow_log", /^fl-[0-9a-f]{17}$/, /:vpc-flow-log\/fl-/],
    [
      "aws_cloudfront_distribution",
      /^E[A-Z0-9]{13}$/,
      /^arn:aws:cloudfront::222222222222:distribution\/E[A-Z0-9]{13}$/,
    ],
    [
      "aws_never_heard_of",
      /^heard-of-[0-9a-f]{17}$/,
      /^arn:aws:never:sa-east-1:222222222222:heard-of\/heard-of-/,
    ],
  ])("%s", (type, id, arn) => {
    const result = filled(ID_AND_ARN, { id: UNKNOWN, arn: UNKNOWN }, type);
    expect(result["id"]).toMatch(id);
    expect(result["arn"]).toMatch(arn);
    expect(String(result["arn"]).endsWith(String(result["id"]))).toBe(true);
  });

  it("takes the id from the attribute that the provider takes it from", () => {
    const bucket = { attributes: { ...ID_AND_ARN.attributes, bucket: ["string"] } } as const;
    expect(filled(bucket, { arn: UNKNOWN, bucket: "logs", id: UNKNOWN }, "aws_s3_bucket")).toEqual({
      arn: "arn:aws:s3:::logs",
      bucket: "logs",
      id: "logs",
    });
    const secret = { attributes: { ...ID_AND_ARN.attributes, name: ["string"] } } as const;
    const result = filled(secret, { id: UNKNOWN, arn: UNKNOWN, name: "db" }, "aws_secretsmanager_secret");
    expect(result["id"]).toBe(result["arn"]);
    expect(result["arn"]).toMatch(/^arn:aws:secretsmanager:sa-east-1:222222222222:secret:db-[A-Z0-9]{6}$/);
  });

  it("gives a key an id that the S3 backend accepts, RFC 4122 and all", () => {
    const key = { attributes: { ...ID_AND_ARN.attributes, key_id: ["string"] } } as const;
    const result = filled(key, { arn: UNKNOWN, id: UNKNOWN, key_id: UNKNOWN }, "aws_kms_key");
    expect(result["key_id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(result["arn"]).toBe(`arn:aws:kms:sa-east-1:222222222222:key/${result["key_id"]}`);
  });

  it("begins a name as its prefix says, and any string as the plan is sure of", () => {
    const names = { attributes: { name: ["string"], name_prefix: ["string"], other: ["string"] } } as const;
    const sure = new ExtData(12, encode({ 2: "sure-" }));
    const result = filled(names, { name: UNKNOWN, name_prefix: "app-", other: sure });
    expect(result["name"]).toMatch(/^app-\d{26}$/);
    expect(result["other"]).toMatch(/^sure-other-[0-9a-f]{12}$/);
  });

  it("repeats the load balancer's suffix in its ARN", () => {
    const lb = {
      attributes: {
        arn: ["string"],
        arn_suffix: ["string"],
        name: ["string"],
        load_balancer_type: ["string"],
      },
    } as const;
    const result = filled(
      lb,
      { arn: UNKNOWN, arn_suffix: UNKNOWN, load_balancer_type: "network", name: "turn" },
      "aws_lb",
    );
    expect(result["arn_suffix"]).toMatch(/^net\/turn\/[0-9a-f]{16}$/);
    expect(result["arn"]).toBe(
      `arn:aws:elasticloadbalancing:sa-east-1:222222222222:loadbalancer/${result["arn_suffix"]}`,
    );
  });

  it("gives the same values to the same plan in another run, and never the same twice in one", () => {
    const planned = { id: UNKNOWN, arn: UNKNOWN };
    const one = new SeedSource();
    const first = filled(ID_AND_ARN, planned, "aws_eip", one);
    const second = filled(ID_AND_ARN, planned, "aws_eip", one);
    const other = new SeedSource();
    expect(second["id"]).not.toBe(first["id"]);
    expect(filled(ID_AND_ARN, planned, "aws_eip", other)).toEqual(first);
    expect(filled(ID_AND_ARN, planned, "aws_eip", other)).toEqual(second);
  });

  it("knows ports that others put into their rules", () => {
    const db = {
      attributes: { port: ["number"], address: ["string"], endpoint: ["string"], identifier: ["string"] },
    } as const;
    const planned = { address: UNKNOWN, endpoint: UNKNOWN, identifier: "main", port: UNKNOWN };
    expect(filled(db, planned, "aws_db_instance")).toMatchObject({
      port: 5432,
      endpoint: expect.stringMatching(/^main\.c[0-9a-f]{11}\.sa-east-1\.rds\.amazonaws\.com:5432$/),
    });
  });
});

describe("the form of simulated values", () => {
  it("keeps what is known, null included", () => {
    const hand: HandMade = {
      attributes: {
        a: ["string"],
        b: ["number"],
        c: [["list", "string"]],
        d: [["map", "bool"]],
        e: ["dynamic"],
      },
      blocks: { f: [LIST, { attributes: { g: ["string"] } }] },
    };
    const planned = { a: "x", b: 7n, c: ["y"], d: { k: true }, e: null, f: [{ g: null }] };
    expect(filled(hand, planned)).toEqual(planned);
  });

  it("makes numbers 0 and bools false", () => {
    expect(filled({ attributes: { n: ["number"], b: ["bool"] } }, { n: UNKNOWN, b: UNKNOWN })).toEqual({
      n: 0,
      b: false,
    });
  });

  it("fills unknown values inside lists, maps, objects and tuples", () => {
    const inner = ["object", { vpc_id: "string", size: "number" }];
    const hand: HandMade = {
      attributes: {
        l: [["list", inner]],
        m: [["map", inner]],
        o: [inner],
        t: [["tuple", ["string", "bool"]]],
      },
    };
    const one = { vpc_id: UNKNOWN, size: 3 };
    expect(filled(hand, { l: [one, one], m: { k: one }, o: one, t: [UNKNOWN, UNKNOWN] })).toEqual({
      l: [
        { vpc_id: expect.stringMatching(/^vpc-/), size: 3 },
        { vpc_id: expect.stringMatching(/^vpc-/), size: 3 },
      ],
      m: { k: { vpc_id: expect.stringMatching(/^vpc-/), size: 3 } },
      o: { vpc_id: expect.stringMatching(/^vpc-/), size: 3 },
      t: [expect.any(String), false],
    });
  });

  it("leaves a wholly unknown collection empty where the caller could have given it", () => {
    const flags = { optional: true, computed: true };
    const hand: HandMade = {
      attributes: {
        l: [["list", "string"], flags],
        s: [["set", ["object", { a: "string" }]], flags],
        m: [["map", "string"], { computed: true }],
      },
    };
    expect(filled(hand, { l: UNKNOWN, s: UNKNOWN, m: UNKNOWN })).toEqual({ l: [], s: [], m: {} });
  });

  it("gives a wholly unknown collection one element where only the provider can give it", () => {
    const secret = ["list", ["object", { secret_arn: "string", kms_key_id: "string" }]];
    const result = filled({ attributes: { master_user_secret: [secret] } }, { master_user_secret: UNKNOWN });
    expect(result["master_user_secret"]).toEqual([
      {
        secret_arn: expect.stringMatching(/^arn:aws:secretsmanager:/),
        kms_key_id: expect.stringMatching(/^arn:aws:kms:.*:key\//),
      },
    ]);
  });

  it("gives as many elements as are sure to be there", () => {
    const three = new ExtData(12, encode({ 5: 3 }));
    const hand: HandMade = { attributes: { l: [["list", "string"], { optional: true, computed: true }] } };
    expect(filled(hand, { l: three })["l"]).toHaveLength(3);
  });

  it("fills a wholly unknown object and tuple", () => {
    const type = ["object", { a: "string", b: ["tuple", ["number", "bool"]] }];
    expect(filled({ attributes: { o: [type] } }, { o: UNKNOWN })).toEqual({
      o: { a: expect.any(String), b: [0, false] },
    });
  });

  it("fills nested blocks of every nesting", () => {
    const block: HandMade = { attributes: { id: ["string"], keep: ["string"] } };
    const hand: HandMade = {
      blocks: { one: [SINGLE, block], many: [LIST, block], some: [SET, block], named: [MAP, block] },
    };
    const planned = { id: UNKNOWN, keep: "k" };
    const made = { id: expect.stringMatching(/^thing-[0-9a-f]{17}$/), keep: "k" };
    expect(
      filled(hand, {
        one: planned,
        many: [planned, planned],
        some: [planned, planned],
        named: { a: planned },
      }),
    ).toEqual({ one: made, many: [made, made], some: [made, made], named: { a: made } });
  });

  it("makes of a wholly unknown block as many as must be there, or the one that can be", () => {
    const block: HandMade = { attributes: { volume_id: ["string"] } };
    const hand: HandMade = {
      blocks: {
        any: [LIST, block],
        least: [SET, block, { min_items: 2 }],
        root: [LIST, block, { max_items: 1 }],
        one: [SINGLE, block],
        named: [MAP, block],
      },
    };
    const result = filled(hand, {
      any: UNKNOWN,
      least: UNKNOWN,
      root: UNKNOWN,
      one: UNKNOWN,
      named: UNKNOWN,
    });
    const made = { volume_id: expect.stringMatching(/^vol-/) };
    expect(result).toEqual({ any: [], least: [made, made], root: [made], one: made, named: {} });
  });

  it.each([
    ["strings with something drawn", ["set", "string"], "subnet_ids"],
    ["strings with nothing drawn", ["set", "string"], "availability_zones"],
    ["numbers", ["set", "number"], "ports"],
    ["objects", ["set", ["object", { region: "string", on: "bool" }]], "replicas"],
  ])("keeps the unknown elements of a set apart: %s", (_, type, name) => {
    const object = { region: UNKNOWN, on: true };
    const element = name === "replicas" ? object : UNKNOWN;
    const result = filled({ attributes: { [name]: [type] } }, { [name]: [element, element, element] })[name];
    const texts = (result as unknown[]).map((item) => JSON.stringify(item));
    expect(new Set(texts).size).toBe(3);
  });

  it("keeps the unknown blocks of a set apart", () => {
    const block: HandMade = { attributes: { region: ["string"] } };
    const one = { region: UNKNOWN };
    const result = filled({ blocks: { replica: [SET, block] } }, { replica: [one, one] })["replica"];
    expect(new Set((result as { region: string }[]).map((replica) => replica.region)).size).toBe(2);
  });

  it("keeps write-only values out of state, nested ones too, and treats sensitive ones as any other", () => {
    const hand: HandMade = {
      attributes: {
        secret_wo: ["string", { optional: true, write_only: true }],
        password: ["string", { computed: true, sensitive: true }],
      },
      blocks: {
        login: [LIST, { attributes: { token_wo: ["string", { optional: true, write_only: true }] } }],
      },
    };
    const planned = {
      secret_wo: "s3cret",
      password: UNKNOWN,
      login: [{ token_wo: "t0ken" }, { token_wo: UNKNOWN }],
    };
    expect(filled(hand, planned)).toEqual({
      secret_wo: null,
      password: expect.stringMatching(/^password-/),
      login: [{ token_wo: null }, { token_wo: null }],
    });
  });

  it("fills a dynamic value by the type that travels with it", () => {
    const type = Buffer.from('["object",{"vpc_id":"string"}]');
    expect(
      filled(
        { attributes: { d: ["dynamic"], e: ["dynamic"] } },
        { d: [type, { vpc_id: UNKNOWN }], e: UNKNOWN },
      ),
    ).toEqual({
      d: [type, { vpc_id: expect.stringMatching(/^vpc-/) }],
      e: null,
    });
  });

  it("survives templates that ask for each other in a circle", () => {
    const hand: HandMade = { attributes: { url: ["string"], id: ["string"], name: ["string"] } };
    const result = filled(hand, { id: UNKNOWN, name: UNKNOWN, url: UNKNOWN }, "aws_sqs_queue");
    expect(result["id"]).toBe(result["url"]);
    expect(result["url"]).toMatch(
      /^https:\/\/sqs\.sa-east-1\.amazonaws\.com\/222222222222\/terraform-\d{26}$/,
    );
  });
});
