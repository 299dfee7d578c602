import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import { freePort, Server } from "./host-programs-support.js";

/** The emulator's Secrets Manager, which keeps the stages of versions as AWS does. */
export class SecretsManager {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(moto: string): Promise<SecretsManager> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const server = await Server.start("moto_server", [moto, "-H", "127.0.0.1", "-p", new URL(url).port], {
      ready: async () => (await fetch(`${url}/moto-api/data.json`)).ok,
    });
    return new SecretsManager(server, url);
  }

  create(name: string, value?: string): Promise<Readonly<Record<string, unknown>>> {
    return this.ask("CreateSecret", { Name: name, ...(value === undefined ? {} : { SecretString: value }) });
  }

  /** What a rotation is: the value becomes AWSCURRENT, the one before AWSPREVIOUS. */
  async put(name: string, value: string): Promise<void> {
    await this.ask("PutSecretValue", { SecretId: name, SecretString: value });
  }

  async value(name: string): Promise<string> {
    return String((await this.ask("GetSecretValue", { SecretId: name }))["SecretString"]);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async ask(action: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const answer = await fetch(this.url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `secretsmanager.${action}`,
        authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/secretsmanager/aws4_request",
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Readonly<Record<string, unknown>>;
  }
}

/** One call of AWS's query API, with its parameters. */
export type AwsCall = Readonly<Record<string, string>>;

/**
 * The metadata service of an instance, with tokens as IMDSv2 wants them; and as much of EC2's and Auto Scaling's APIs as
 * the node's programs ask. The emulator has no lifecycle hooks that could be waited at.
 */
export class NodeSurroundings {
  readonly calls: AwsCall[] = [];
  /** What the metadata service knows, by path below `latest/meta-data/`. */
  readonly metadata: Record<string, string> = {
    "instance-id": "i-0123456789abcdef0",
    "local-ipv4": "10.20.0.10",
    "public-ipv4": "198.51.100.9",
    "autoscaling/target-lifecycle-state": "InService",
  };
  /** The fixed address, and who has it. */
  address = { publicIp: "203.0.113.5", allocationId: "eipalloc-0aa", holder: "" };
  /** Of the holder. */
  holderState = { lifecycle: "InService", health: "HEALTHY" };

  private constructor(private readonly server: HttpServer) {}

  static async start(): Promise<NodeSurroundings> {
    const server = createServer();
    const surroundings = new NodeSurroundings(server);
    server.on("request", (request, response) => {
      void body(request).then((text) => {
        const { status, content } = surroundings.answer(request, text);
        response.writeHead(status, { "content-type": "text/xml" }).end(content);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return surroundings;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  }

  get environment(): Record<string, string> {
    return { AWS_ENDPOINT_URL: this.url, AWS_EC2_METADATA_SERVICE_ENDPOINT: this.url };
  }

  actions(): string[] {
    return this.calls.map(({ Action = "" }) => Action);
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method, url = "", headers }: IncomingMessage, text: string) {
    if (url.startsWith("/latest/")) return this.metadataAnswer(method ?? "", url, headers);
    const call = Object.fromEntries(new URLSearchParams(text));
    this.calls.push(call);
    return { status: 200, content: this.apiAnswer(call) };
  }

  private metadataAnswer(method: string, url: string, headers: IncomingMessage["headers"]) {
    if (method === "PUT" && url === "/latest/api/token") return { status: 200, content: "a-token" };
    if (headers["x-aws-ec2-metadata-token"] !== "a-token") return { status: 401, content: "" };
    const found = this.metadata[url.replace("/latest/meta-data/", "")];
    return found === undefined ? { status: 404, content: "" } : { status: 200, content: found };
  }

  private apiAnswer(call: AwsCall): string {
    const { publicIp, allocationId, holder } = this.address;
    const { Action = "" } = call;
    if (Action === "AssociateAddress") {
      this.address = { ...this.address, holder: call["InstanceId"] ?? "" };
      this.metadata["public-ipv4"] = publicIp;
    }
    const contents: Readonly<Record<string, string>> = {
      DescribeAddresses: `<addressesSet><item><publicIp>${publicIp}</publicIp><allocationId>${allocationId}</allocationId><domain>vpc</domain>${holder === "" ? "" : `<instanceId>${holder}</instanceId>`}</item></addressesSet>`,
      AssociateAddress: "<return>true</return>",
      DescribeAutoScalingInstances: `<DescribeAutoScalingInstancesResult><AutoScalingInstances><member><InstanceId>${holder}</InstanceId><LifecycleState>${this.holderState.lifecycle}</LifecycleState><HealthStatus>${this.holderState.health}</HealthStatus></member></AutoScalingInstances></DescribeAutoScalingInstancesResult>`,
    };
    return `<${Action}Response>${contents[Action] ?? `<${Action}Result/>`}</${Action}Response>`;
  }
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
