import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { behaviourRows, contentKinds, selectBehaviour } from "../src/index.js";
import { distribution, distributionJson, signedFiles, treatment } from "./support.js";
import { urls } from "./url-table.js";

const { stack, made } = distribution({ signedFiles });

const hosts = {
  application: "origin.telemedicina.example.com",
  assets: "telemedicina-prod-assets-333333333333-sa-east-1.s3.sa-east-1.amazonaws.com",
  files: "telemedicina-prod-uploads-333333333333-sa-east-1.s3.sa-east-1.amazonaws.com",
};

describe("what CloudFront does with a URL, read from the JSON", () => {
  it("is known for 40 URLs and more", () => {
    expect(new Set(urls.map(([url]) => url)).size).toBeGreaterThanOrEqual(40);
  });

  it.each(urls)("%s → %s, %s, %s, %s", (url, pattern, origin, cache, headers) => {
    expect(treatment(stack, url)).toMatchObject({ pattern, origin: hosts[origin], cache, headers });
  });

  it("CDN-02: asks the load balancer for what is rendered, the private bucket for what is built", () => {
    expect(treatment(stack, "/appointments/42").origin).toBe(hosts.application);
    expect(treatment(stack, "/build/assets/app-4f2a9c1e.js").origin).toBe(hosts.assets);
    expect(treatment(stack, "/assets/logo.svg").origin).toBe(hosts.assets);
  });

  it("CDN-04, CAC-02, T-49: keeps what has a hash in its name by AWS's policy for files, the rest for minutes", () => {
    const kept = urls.filter(([, , , cache]) => cache === "cachingOptimized").map(([, pattern]) => pattern);

    expect(new Set(kept)).toEqual(new Set(["/build/assets/*"]));
    expect(stack.only("aws_cloudfront_cache_policy")).toMatchObject({
      min_ttl: 0,
      default_ttl: 300,
      max_ttl: 300,
    });
  });

  it("CDN-18, PORT-03: WebSockets and Reverb's API are uncached, with every header of the viewer and every method", () => {
    for (const url of ["/app/key?protocol=7", "/apps/1/events"]) {
      expect(treatment(stack, url)).toMatchObject({
        cache: "cachingDisabled",
        originRequest: "allViewer",
        methods: expect.arrayContaining(["GET", "POST"]),
        headers: "none",
      });
    }
  });

  it("CDN-13: nothing that the application answers is cached, and it hears everything that the viewer said", () => {
    const application = urls.filter(([, , origin]) => origin === "application").map(([url]) => url);

    expect(application.length).toBeGreaterThan(30);
    for (const url of application) {
      expect(treatment(stack, url), url).toMatchObject({
        cache: "cachingDisabled",
        originRequest: "allViewer",
      });
    }
  });

  it("T-51: what comes from a bucket is only read, and the bucket never hears the viewer's Host", () => {
    const fromBuckets = urls.filter(([, , origin]) => origin !== "application").map(([url]) => url);
    for (const url of fromBuckets) {
      const { methods, originRequest } = treatment(stack, url);
      expect(methods, url).not.toContain("PUT");
      expect(methods, url).not.toContain("POST");
      expect(originRequest, url).toBe("corsS3Origin");
    }
  });

  it("opens a patient's file to a signature only, and nothing else to none", () => {
    for (const [url, pattern] of urls) expect(treatment(stack, url).signed, url).toBe(pattern === "/files/*");
  });

  it("sends /files/* to the application while there are no signed files", () => {
    expect(treatment(distribution().stack, "/files/7/exam.pdf")).toMatchObject({
      pattern: "default",
      signed: false,
    });
  });

  it("SEC-02: every behaviour sends plain HTTP to HTTPS, and lets CloudFront compress", () => {
    const { ordered_cache_behavior: ordered = [], default_cache_behavior: last } = distributionJson(stack);

    for (const behaviour of [...ordered, last]) {
      expect(behaviour).toMatchObject({ viewer_protocol_policy: "redirect-to-https", compress: true });
    }
  });

  it("has the table's lines in the table's order", () => {
    const ordered = distributionJson(stack).ordered_cache_behavior ?? [];

    expect(ordered.map(({ path_pattern: pattern }) => pattern)).toEqual(
      made.behaviours.map(({ pathPattern }) => pathPattern),
    );
    expect(ordered.at(-1)?.path_pattern).toBe("/health");
  });

  it("puts lines of a caller to the front", () => {
    const { stack: more } = distribution({
      extraBehaviours: [{ pathPattern: "/legal/*.pdf", kind: "asset" }],
    });

    expect(treatment(more, "/legal/a/terms.pdf")).toMatchObject({
      pattern: "/legal/*.pdf",
      cache: "cache-short",
    });
    expect(treatment(more, "/legal/terms")).toMatchObject({ pattern: "default" });
  });

  it("takes other files of public/ when they are named", () => {
    const { stack: other } = distribution({ staticPaths: ["/site.webmanifest"] });

    expect(treatment(other, "/site.webmanifest").pattern).toBe("/site.webmanifest");
    expect(treatment(other, "/favicon.ico").pattern).toBe("default");
  });

  it("has every kind of content in the table or as its default", () => {
    const kinds = new Set(["page", ...made.behaviours.map(({ kind }) => kind)]);

    expect(kinds).toEqual(new Set(Object.keys(contentKinds)));
  });

  it("looks a URL up by the first line that takes it", () => {
    const behaviour = (path_pattern: string, target_origin_id: string) => ({
      path_pattern,
      target_origin_id,
      allowed_methods: ["GET"],
      viewer_protocol_policy: "https-only",
    });
    const json = {
      ordered_cache_behavior: [behaviour("images/*.jpg", "a"), behaviour("/images/?.*", "b")],
      default_cache_behavior: { ...behaviour("", "c") },
    };

    expect(selectBehaviour(json, "/images/x.jpg").target_origin_id).toBe("a");
    expect(selectBehaviour(json, "/images/x.png").target_origin_id).toBe("b");
    expect(selectBehaviour(json, "/images/xy.png").target_origin_id).toBe("c");
  });
});

describe("the README", () => {
  it("has the table of behaviours as it is", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const lines = behaviourRows(made.behaviours).map((cells) => `| ${cells.join(" | ")} |`);

    expect(readme).toContain(lines.join("\n"));
  });
});
