import { describe, expect, it } from "vitest";
import { type Decision, Firewall, type Request } from "./evaluate.js";
import { type Changes, cloudFrontAcl, regionalAcl } from "./support.js";

const usual: Request = {
  method: "GET",
  path: "/dashboard",
  address: "203.0.113.9",
  country: "BR",
  headers: {},
  trips: [],
};

const passes: Decision = { action: "allow", counted: [] };

function blocked(rule: string, status = 403): Decision {
  return { action: "block", rule, status, counted: [] };
}

const uploads: Changes = { uploadPaths: ["/uploads/*", "/visits/*/files"] };
const labelled = ["AWSManagedRulesCommonRuleSet"];

describe("a request", () => {
  it.each<[string, Changes, Partial<Request>, Decision]>([
    ["a page", {}, {}, passes],
    ["a login", {}, { method: "POST", path: "/login" }, passes],
    ["a WebSocket's handshake", {}, { path: "/app/abc123" }, passes],
    ["an upload of 5 MB", uploads, u("/uploads"), { action: "allow", counted: labelled }],
    ["a file of a visit", uploads, u("/visits/17/files"), { action: "allow", counted: labelled }],
    [
      "an upload of 5 MB elsewhere",
      uploads,
      u("/profile"),
      { ...blocked("elsewhere-SizeRestrictions_BODY"), counted: labelled },
    ],
    [
      "an upload past the upload's path",
      uploads,
      u("/uploads/../profile"),
      { ...blocked("elsewhere-SizeRestrictions_BODY"), counted: labelled },
    ],
    [
      "the same, encoded",
      uploads,
      u("/uploads/%2e%2e/profile"),
      { ...blocked("elsewhere-SizeRestrictions_BODY"), counted: labelled },
    ],
    [
      "a script in a form",
      uploads,
      { method: "POST", path: "/profile", trips: ["CrossSiteScripting_BODY"] },
      { ...blocked("elsewhere-CrossSiteScripting_BODY"), counted: labelled },
    ],
    [
      "a script in a link to the uploads",
      uploads,
      { path: "/uploads", trips: ["CrossSiteScripting_QUERYARGUMENTS"] },
      blocked("AWSManagedRulesCommonRuleSet"),
    ],
    ["an upload without upload paths", {}, u("/uploads"), blocked("AWSManagedRulesCommonRuleSet")],
    [
      "an injection into an upload",
      uploads,
      { method: "POST", path: "/uploads", trips: ["SQLi_BODY"] },
      blocked("AWSManagedRulesSQLiRuleSet"),
    ],
    [
      "an address that AWS knows for attacks",
      {},
      { trips: ["AWSManagedIPReputationList"] },
      blocked("AWSManagedRulesAmazonIpReputationList"),
    ],
    [
      "one that AWS knows for floods, and only counts",
      {},
      { trips: ["AWSManagedIPDDoSList"] },
      { action: "allow", counted: ["AWSManagedRulesAmazonIpReputationList"] },
    ],
    [
      "an injection where the group only counts",
      { groups: { sqli: { action: "count", reason: "Being tried" } } },
      { trips: ["SQLi_QUERYARGUMENTS"] },
      { action: "allow", counted: ["AWSManagedRulesSQLiRuleSet"] },
    ],
    [
      "a long body where its group only counts",
      { ...uploads, groups: { common: { action: "count", reason: "Being tried" } } },
      u("/profile"),
      { action: "allow", counted: [...labelled, "elsewhere-SizeRestrictions_BODY"] },
    ],
    [
      "a request from abroad",
      { countries: { kind: "only", countries: ["BR", "PT"] } },
      { country: "US" },
      blocked("countries"),
    ],
    [
      "a request from a listed country",
      { countries: { kind: "only", countries: ["BR", "PT"] } },
      { country: "PT" },
      passes,
    ],
    [
      "Route 53's health check from abroad",
      { countries: { kind: "only", countries: ["BR"] } },
      { country: "US", path: "/health" },
      passes,
    ],
    [
      "a request from a shut country",
      { countries: { kind: "except", countries: ["KP"] } },
      { country: "KP" },
      blocked("countries"),
    ],
    [
      "a request from another",
      { countries: { kind: "except", countries: ["KP"] } },
      { country: "US" },
      passes,
    ],
    ["a blocked network", { blockedNetworks: ["203.0.113.9/32"] }, {}, blocked("blocked-networks")],
    [
      "an allowed network, whatever it sends",
      { allowedNetworks: { cidrs: ["203.0.113.9/32"], reason: "Penetration test" } },
      { country: "US", trips: ["SQLi_BODY"] },
      { action: "allow", rule: "allowed-networks", counted: [] },
    ],
  ])("%s", (_, changes, request, decision) => {
    expect(new Firewall(cloudFrontAcl(changes).stack).decide({ ...usual, ...request })).toEqual(decision);
  });
});

describe("a flood", () => {
  it.each<[string, Partial<Request>, number, Decision]>([
    ["the 100th login", { method: "POST", path: "/login" }, 100, passes],
    ["the 101st login", { method: "POST", path: "/login" }, 101, blocked("rate-login", 429)],
    ["the 101st, spelt otherwise", { method: "POST", path: "/%6Cogin/" }, 101, blocked("rate-login", 429)],
    [
      "the 101st, by the front controller",
      { method: "POST", path: "/index.php/login" },
      101,
      blocked("rate-login", 429),
    ],
    ["the 101st code", { method: "POST", path: "/two-factor-challenge" }, 101, blocked("rate-login", 429)],
    ["the 101st look at the form", { path: "/login" }, 101, passes],
    ["the 2000th page", {}, 2000, passes],
    ["the 2001st page", {}, 2001, blocked("rate-everything", 429)],
    ["the 2001st handshake", { path: "/app/abc123" }, 2001, blocked("rate-web-sockets", 429)],
  ])("SEC-05: %s of one address", (_, request, times, decision) => {
    const firewall = new Firewall(cloudFrontAcl().stack);

    expect(firewall.decideLast({ ...usual, ...request }, times)).toEqual(decision);
  });

  it("SEC-05: of one address costs no other one its login", () => {
    const firewall = new Firewall(cloudFrontAcl().stack);
    const login: Request = { ...usual, method: "POST", path: "/login" };

    expect(firewall.decideLast(login, 150)).toEqual(blocked("rate-login", 429));
    expect(firewall.decide({ ...login, address: "203.0.113.10" })).toEqual(passes);
  });

  it("SEC-05: counts logins over all their paths together", () => {
    const firewall = new Firewall(cloudFrontAcl().stack);
    const login: Request = { ...usual, method: "POST", path: "/login" };
    firewall.decideLast(login, 100);

    expect(firewall.decide({ ...login, path: "/api/login" })).toEqual(blocked("rate-login", 429));
  });

  it("of pages costs no call its signalling", () => {
    const firewall = new Firewall(cloudFrontAcl().stack);

    expect(firewall.decideLast(usual, 3000)).toEqual(blocked("rate-everything", 429));
    expect(firewall.decide({ ...usual, path: "/app/abc123" })).toEqual(passes);
  });

  it("only counts where the ACL does", () => {
    const firewall = new Firewall(cloudFrontAcl({ mode: { action: "count", reason: "First week" } }).stack);

    expect(firewall.decideLast({ ...usual, trips: ["SQLi_BODY"] }, 2001)).toEqual({
      action: "allow",
      counted: ["rate-everything", "AWSManagedRulesSQLiRuleSet"],
    });
  });
});

describe("a load balancer behind CloudFront", () => {
  const clientAddress = { from: "header", name: "X-Viewer-Address", invalid: "MATCH" } as const;
  const login: Request = { ...usual, method: "POST", path: "/login", address: "130.176.0.1" };
  const by = (address: string): Request => ({ ...login, headers: { "x-viewer-address": address } });

  it("SEC-05: tells clients apart by the header, though all come by CloudFront's address", () => {
    const firewall = new Firewall(regionalAcl({}, { clientAddress }).stack);

    expect(firewall.decideLast(by("203.0.113.9"), 101)).toEqual(blocked("rate-login", 429));
    expect(firewall.decide(by("203.0.113.10"))).toEqual(passes);
  });

  it("would take them all for one without it", () => {
    const firewall = new Firewall(regionalAcl().stack);
    firewall.decideLast(by("203.0.113.9"), 101);

    expect(firewall.decide(by("203.0.113.10"))).toEqual(blocked("rate-login", 429));
  });
});

function u(path: string): Partial<Request> {
  return { method: "POST", path, trips: ["SizeRestrictions_BODY"] };
}
