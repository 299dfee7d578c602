import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import {
  Distribution,
  type DistributionJson,
  type HeadersPolicyJson,
  NONCE_PLACEHOLDER,
  selectBehaviour,
  viewerHeaders,
} from "@telemedicina/cdn";
import { type Attributes, type StackJson, synthStack } from "@telemedicina/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  attackedPage,
  entryScript,
  framingPage,
  inertiaPage,
  uploadedPage,
  workerScript,
} from "./csp-pages.js";
import { type Answer, type Answers, Browser, type Report, Site } from "./csp-support.js";
import { findPrograms } from "./host-programs-support.js";
import { until } from "./relay-support.js";

const programs = findPrograms("browser", { chromium: "chromium", openssl: "openssl" }, "chromium openssl");

const domain = "telemedicina.example.com";
const foreign = "foreign.example.org";
/** The same pages without any header: what the attacks do when nothing stops them. */
const bare = "bare.example.org";
/** Stands for one answer's; Laravel draws one each time. */
const nonce = "c2l4dGVlbi1ieXRlcy4u";

const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEmwfek12CPRA1iYj/wYygWf4nNb2D
p+M2rCxGSycTZvCNkQoDYg4ATnFrKW7xScxMXOKDLXJr7HyR5fwZ4CQlPA==
-----END PUBLIC KEY-----`;

const { stack, csp } = edge();

describe.skipIf(!programs)("the headers in a browser", () => {
  const { chromium, openssl } = programs ?? { chromium: "", openssl: "" };
  let site: Site;

  beforeAll(async () => {
    site = await Site.start(openssl, answers);
  });
  afterAll(() => site?.stop());

  /** Opens a page and waits for what it posts, and for whatever else has to have come by then. */
  async function visit(url: string, page: string, hasSettled = () => true) {
    const browser = Browser.open(chromium, site, url);
    const posted = () => site.results.find((result) => result["page"] === page);
    try {
      await until(`the page ${url} to settle`, () => posted() !== undefined && hasSettled());
      return posted() ?? {};
    } finally {
      await browser.close();
    }
  }

  /** What the browser reported of a page, each thing once. */
  function reportsOf(url: string): string[] {
    const about = site.reports.filter((report) => report["document-uri"] === url);
    return [...new Set(about.map(inWords))].sort();
  }

  function askedOf(host: string): string[] {
    return site.asked.filter((each) => each.startsWith(`${host}/`)).sort();
  }

  it("lets an Inertia page with Reverb and a video call do all that it does, without a violation", async () => {
    const url = `https://${domain}/consultation`;
    const result = await visit(url, "application");

    expect(result).toEqual({
      page: "application",
      bootstrap: "dark",
      module: "imported",
      component: "Consultation",
      inlineStyle: "rgb(1, 2, 3) 77px",
      sheet: "rgb(4, 5, 6)",
      lazyModule: "lazy",
      blobWorker: "worked",
      fileWorker: "pong hello",
      webSocket: "hello",
      api: "pong",
      dataImage: "1x1",
      blobImage: "8x8",
      camera: "audio video",
      call: "across",
      allowed: ["camera", "microphone", "fullscreen"],
      refused: ["geolocation", "usb", "payment"],
      violations: [],
    });
    expect(reportsOf(url)).toEqual([]);
  });

  it("blocks scripts, requests, frames and plugins that are not the site's, and inline ones without the nonce", async () => {
    const url = `https://${domain}/attacked`;
    const expected = [
      `base-uri https://${foreign}/base/`,
      `connect-src https://${foreign}/beacon`,
      `connect-src https://${foreign}/fetch`,
      `connect-src wss://${foreign}/socket`,
      `form-action https://${foreign}/form?`,
      `frame-src https://${foreign}`,
      `img-src https://${foreign}/image.gif`,
      `object-src https://${domain}/plugin.pdf`,
      "script-src eval",
      "script-src-attr inline",
      `script-src-elem https://${foreign}/script.js`,
      "script-src-elem inline",
      `style-src-elem https://${foreign}/style.css`,
      "worker-src data",
    ];
    const result = await visit(url, "/attacked", () => reportsOf(url).length >= expected.length);

    expect(reportsOf(url)).toEqual(expected);
    expect(result["ran"]).toEqual([]);
    expect(askedOf(foreign)).toEqual([]);
    expect(site.asked).not.toContain(`${domain}/plugin.pdf`);
  });

  it("without the headers the same page does all of it, so that it is they who stop it", async () => {
    const paths = ["beacon", "fetch", "form", "frame", "image.gif", "script.js", "socket", "style.css"];
    const hasAskedAll = () => askedOf(foreign).length >= paths.length;
    const result = await visit(`https://${bare}/attacked-bare`, "/attacked-bare", hasAskedAll);

    expect([...(result["ran"] as string[])].sort()).toEqual([
      "eval",
      "event handler",
      "foreign script",
      "inline script",
    ]);
    expect(askedOf(foreign)).toEqual(paths.map((path) => `${foreign}/${path}`));
    expect(site.asked).toContain(`${domain}/plugin.pdf`);
  });

  it("keeps the page out of a stranger's frame", async () => {
    // Of a page that is not shown the browser tells the host alone.
    const report = `frame-ancestors https://${domain}/`;
    await visit(`https://${bare}/framing`, "framing", () => reportsOf(`https://${domain}/`).includes(report));

    expect(reportsOf(`https://${domain}/`)).toEqual([report]);
    expect(site.asked).toContain(`${domain}/framed`);
    expect(site.asked).not.toContain(`${domain}/build/assets/framed.js`);
  });

  it("falls back to a policy without a nonce for a page that has none, and stops its inline script", async () => {
    const url = `https://${domain}/plain`;
    const result = await visit(url, "plain", () => reportsOf(url).length > 0);

    expect(result["inline"]).toBe(false);
    expect(reportsOf(url)).toEqual(["script-src-elem inline"]);
  });

  it("shows an uploaded page as it is: its script neither runs nor asks anything of the site", async () => {
    const shown = await Browser.read(chromium, site, `https://${domain}/files/exam.html`);
    const elsewhere = await Browser.read(chromium, site, `https://${bare}/exam.html`);

    expect(shown).toContain("as uploaded");
    expect(site.asked).not.toContain(`${domain}/stolen`);
    expect(elsewhere).toContain("script ran");
    expect(site.asked).toContain(`${bare}/stolen`);
  });
});

/** What the world answers: the site by CloudFront's headers, everybody else by none. */
const answers: Answers = (host, path) => {
  if (host === domain) return throughCloudFront(path);
  return host === foreign || host === bare ? elsewhere(path) : undefined;
};

function throughCloudFront(path: string): Answer | undefined {
  const answer = originAnswer(path);
  if (answer === undefined) return undefined;
  const { response_headers_policy_id: policy } = selectBehaviour(distributionOf(stack), path);
  const origin = answer.headers ?? {};
  const headers = policy === undefined ? origin : viewerHeaders(policyAt(policy), origin);
  return { ...answer, headers };
}

/** Laravel and the bucket, with the headers that they send themselves. */
function originAnswer(path: string): Answer | undefined {
  const laravel = { server: "nginx", "cache-control": "no-cache, private", "content-security-policy": csp };
  const page = (body: string): Answer => ({ type: "text/html", body, headers: laravel });
  switch (path) {
    case "/consultation":
      return page(inertiaPage(nonce));
    case "/attacked":
      return page(attackedPage(nonce, foreign));
    case "/framed":
      return page('<script src="/build/assets/framed.js"></script>');
    case "/plain":
      return {
        type: "text/html",
        body: '<script>window.inline = true</script><script src="/build/assets/plain.js"></script>',
      };
    case "/api/ping":
      return { type: "text/plain", body: "pong" };
    case "/plugin.pdf":
      return { type: "application/pdf", body: "%PDF-1.4" };
    case "/files/exam.html":
      return { type: "text/html", body: uploadedPage, headers: { "content-disposition": "inline" } };
    default:
      return assets[path];
  }
}

const script = (body: string): Answer => ({ type: "text/javascript", body });

const assets: Readonly<Record<string, Answer>> = {
  "/build/assets/app-1a2b.js": script(entryScript),
  "/build/assets/chunk-3c4d.js": script('export const imported = "imported";'),
  "/build/assets/lazy-5e6f.js": script('export const lazy = "lazy";'),
  "/build/assets/worker-7a8b.js": script(workerScript),
  "/build/assets/framed.js": script(""),
  "/build/assets/plain.js": script(
    'fetch("/results", { method: "POST", body: JSON.stringify({ page: "plain", inline: window.inline === true }) })',
  ),
  "/build/assets/app-1a2b.css": { type: "text/css", body: "#app { background: rgb(4, 5, 6) }" },
  "/assets/dot.svg": {
    type: "image/svg+xml",
    body: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
  },
};

function elsewhere(path: string): Answer | undefined {
  switch (path) {
    case "/attacked-bare":
      return { type: "text/html", body: attackedPage(nonce, foreign) };
    case "/framing":
      return { type: "text/html", body: framingPage };
    case "/exam.html":
      return { type: "text/html", body: uploadedPage };
    case "/script.js":
      return script('ran.push("foreign script")');
    case "/style.css":
      return { type: "text/css", body: "" };
    default:
      return { type: "text/plain", body: "" };
  }
}

function inWords(report: Report): string {
  return `${report["effective-directive"]} ${report["blocked-uri"]}`;
}

/** The distribution as an environment has it, and the policy that Laravel sends with this test's nonce. */
function edge(): { readonly stack: StackJson; readonly csp: string } {
  let template = "";
  const made = synthStack((scope) => {
    const bucket = (name: string) => ({
      bucketName: name,
      bucketDomainName: `${name}.s3.sa-east-1.amazonaws.com`,
    });
    const distribution = new Distribution(scope, "cdn", {
      names: { project: "telemedicina", environment: "production", region: "sa-east-1" },
      usEast1: new AwsProvider(scope, "aws-us_east_1", { alias: "us_east_1", region: "us-east-1" }),
      domain,
      certificateArn: "arn:aws:acm:us-east-1:333333333333:certificate/12345678-1234-1234-1234-123456789012",
      certificateDomains: [domain],
      application: {
        kind: "public",
        domainName: `origin.${domain}`,
        loadBalancer: {
          internal: false,
          tlsPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
          certificateDomains: [domain, `origin.${domain}`],
        },
        verification: { kind: "none", reason: "A test" },
      },
      assets: bucket("assets"),
      signedFiles: { ...bucket("uploads"), publicKeys: [publicKey] },
      accessLogs: { bucketArn: "arn:aws:s3:::logs" },
      headers: { cspReportUri: "/csp-reports" },
    });
    template = distribution.pageCspTemplate;
  }, "sa-east-1");
  return { stack: made, csp: template.replace(NONCE_PLACEHOLDER, nonce) };
}

function distributionOf(json: StackJson): DistributionJson {
  return json.only("aws_cloudfront_distribution") as unknown as DistributionJson;
}

function policyAt(reference: string): HeadersPolicyJson {
  const address = reference.replace(/^\$\{|\.id\}$/g, "");
  return stack.at(address) satisfies Attributes as HeadersPolicyJson;
}
