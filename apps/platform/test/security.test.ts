import { blueGreenProgram } from "@telemedicina/compute";
import { driverBuildspec } from "@telemedicina/pipeline";
import { describe, expect, it } from "vitest";
import { asList, type EnvironmentJson, offenders, plain, type Resource } from "./environment-json.js";
import { environments } from "./environments.js";
import { isReplica, parametersOf, purposeOf } from "./resources.js";

/** Buckets with S3's own keys, and why: AWS's side cannot use ours. */
const ownKeysOfS3: Readonly<Record<string, string>> = {
  assets: "CloudFront hands them out to everybody",
  "access-logs": "AWS's log delivery takes no key of a customer",
  "access-logs-replica": "the same",
};

const keyOfBucket: Readonly<Record<string, string>> = {
  uploads: "clinical-key",
  logs: "clinical-key",
  backups: "clinical-key",
  deployments: "application-key",
  audit: "logs-key",
  "uploads-replica": "clinical-key-dr",
  "logs-replica": "clinical-key-dr",
};

/** Endpoints whose service takes no policy. */
const withoutPolicy = /_interface-endpoints_codedeploy(-commands-secure)?$/;

/** Whole days that CloudWatch Logs takes. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What operators type, as the runbooks print it. */
const typed = new Set(["aws_codedeploy_app", "aws_codedeploy_deployment_group", "aws_codepipeline"]);

const stateful = ["aws_db_instance", "aws_elasticache_replication_group", "aws_s3_bucket"];

describe.each(environments)("$name", ({ name, config, json }) => {
  describe("encryption at rest", () => {
    it("SEC-06, RED-06: database, replicas, Redis, secrets and query results have a key of ours, of their class and region", () => {
      const classes: readonly (readonly [string, string, string])[] = [
        ["aws_elasticache_replication_group", "kms_key_id", "application-key"],
        ["aws_secretsmanager_secret", "kms_key_id", "application-key"],
      ];
      for (const [type, attribute, key] of classes) {
        for (const resource of json.all(type)) expect(keyName(json, resource, attribute)).toBe(key);
      }
      for (const resource of json.all("aws_db_instance")) {
        expect(resource.attributes["storage_encrypted"], resource.address).toBe(true);
        expect(keyName(json, resource, "performance_insights_kms_key_id")).toBe("clinical-key");
        // A replica in the region has its source's key, and RDS refuses another.
        if (isReplica(resource)) expect(resource.attributes["kms_key_id"]).toBeUndefined();
        else expect(keyName(json, resource, "kms_key_id")).toBe("clinical-key");
      }
      expect(
        offenders(
          json.all("aws_elasticache_replication_group"),
          ({ at_rest_encryption_enabled }) => at_rest_encryption_enabled === "true",
        ),
      ).toEqual([]);
      for (const { attributes } of json.all("aws_athena_workgroup")) {
        expect(attributes["configuration"]).toMatchObject({
          enforce_workgroup_configuration: true,
          result_configuration: { encryption_configuration: { encryption_option: "SSE_KMS" } },
        });
      }
    });

    it("SEC-06, STO-07: every bucket is encrypted: with a key of ours, or with S3's where AWS must reach in", () => {
      for (const bucket of json.all("aws_s3_bucket")) {
        const purpose = purposeOf(bucket);
        const [rule = {}] = asList(
          json.ofBucket("aws_s3_bucket_server_side_encryption_configuration", bucket).attributes["rule"],
        ) as Readonly<Record<string, Readonly<Record<string, unknown>>>>[];
        const { sse_algorithm: algorithm, kms_master_key_id: key } =
          rule["apply_server_side_encryption_by_default"] ?? {};
        if (ownKeysOfS3[purpose] !== undefined) {
          expect([algorithm, key], purpose).toEqual(["AES256", undefined]);
        } else {
          expect(algorithm, purpose).toBe("aws:kms");
          expect(rule["bucket_key_enabled"], purpose).toBe(true);
          expect(keyName(json, bucket, key, true), purpose).toBe(keyOfBucket[purpose]);
        }
      }
    });

    it("SEC-06: every log group has the key of logs, but the flow logs': they hold addresses and ports, nothing of patients", () => {
      const groups = json.all("aws_cloudwatch_log_group");
      const bare = groups.filter(({ attributes }) => attributes["kms_key_id"] === undefined);
      expect(bare.map(({ address }) => plain(address))).toEqual([
        "aws_cloudwatch_log_group.network_flow-logs_log-group",
      ]);
      for (const group of groups.filter((one) => !bare.includes(one)))
        expect(["logs-key", "logs-key-us-east-1"]).toContain(keyName(json, group, "kms_key_id"));
    });

    it("rotates every key, keeps a deleted one for 30 days, and lets Terraform delete none", () => {
      expect(
        offenders(
          json.all("aws_kms_key"),
          ({ enable_key_rotation, deletion_window_in_days, ...rest }) =>
            enable_key_rotation === true && deletion_window_in_days === 30 && isProtected(rest),
        ),
      ).toEqual([]);
    });
  });

  describe("encryption in transit", () => {
    it("DB-07, RED-06, SEC-07: PostgreSQL and Redis take TLS only", () => {
      for (const instance of json.all("aws_db_instance")) {
        const group = json.target("aws_db_parameter_group", instance.attributes["parameter_group_name"]);
        const parameters = parametersOf(group);
        expect(parameters).toMatchObject({ "rds.force_ssl": "1", ssl_min_protocol_version: "TLSv1.2" });
        expect(instance.attributes["ca_cert_identifier"], instance.address).toBe("rds-ca-rsa2048-g1");
      }
      expect(
        offenders(
          json.all("aws_elasticache_replication_group"),
          ({ transit_encryption_enabled, transit_encryption_mode }) =>
            transit_encryption_enabled === true && transit_encryption_mode === "required",
        ),
      ).toEqual([]);
    });

    it("STO-14, SEC-07: every bucket refuses plain HTTP and TLS before 1.2, to everybody, for itself and all that is in it", () => {
      for (const bucket of json.all("aws_s3_bucket")) {
        const policy = json.ofBucket("aws_s3_bucket_policy", bucket);
        const denials = json
          .statements()
          .filter(({ resource }) => resource.address === policy.address)
          .map(({ statement }) => statement)
          .filter(
            ({ Effect, Principal, Action }) => Effect === "Deny" && Principal === "*" && Action === "s3:*",
          );
        const arn = `arn:aws:s3:::${String(bucket.attributes["bucket"])}`;
        expect(denials.map(({ Resource, Condition }) => [Resource, Condition])).toEqual([
          [[arn, `${arn}/*`], { Bool: { "aws:SecureTransport": "false" } }],
          [[arn, `${arn}/*`], { NumericLessThan: { "s3:TlsVersion": "1.2" } }],
        ]);
      }
    });

    it("SEC-07: browsers get HTTPS or a redirect to it, and CloudFront comes to the load balancer by HTTPS", () => {
      expect(
        offenders(
          json.all("aws_lb_listener"),
          ({ protocol, default_action }) =>
            protocol === "HTTPS" ||
            (default_action as readonly { readonly redirect?: { readonly protocol: string } }[])[0]?.redirect
              ?.protocol === "HTTPS",
        ),
      ).toEqual([]);
      for (const { attributes, address } of json.all("aws_cloudfront_distribution")) {
        const behaviours = [
          attributes["default_cache_behavior"],
          ...asList(attributes["ordered_cache_behavior"]),
        ];
        for (const behaviour of behaviours as readonly Readonly<Record<string, unknown>>[]) {
          expect(
            behaviour["viewer_protocol_policy"],
            `${address} ${String(behaviour["path_pattern"])}`,
          ).toMatch(/^(redirect-to-https|https-only)$/);
        }
        for (const origin of attributes["origin"] as readonly Readonly<Record<string, unknown>>[]) {
          // S3's way is HTTPS because its policy refuses anything else; a VPC origin says its own protocol.
          const custom = origin["custom_origin_config"] as Readonly<Record<string, unknown>> | undefined;
          if (custom) expect(custom["origin_protocol_policy"], address).toBe("https-only");
        }
      }
      expect(
        offenders(
          json.optional("aws_cloudfront_vpc_origin"),
          ({ vpc_origin_endpoint_config: config }) =>
            (config as readonly { readonly origin_protocol_policy: string }[])[0]?.origin_protocol_policy ===
            "https-only",
        ),
      ).toEqual([]);
    });
  });

  describe("buckets", () => {
    it("block public access in all four ways, belong to the account, keep versions, and have no ACL", () => {
      for (const bucket of json.all("aws_s3_bucket")) {
        const { provider } = bucket.attributes;
        const block = json.ofBucket("aws_s3_bucket_public_access_block", bucket).attributes;
        expect(block, bucket.address).toMatchObject({
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        });
        const ownership = json.ofBucket("aws_s3_bucket_ownership_controls", bucket).attributes;
        expect(ownership["rule"], bucket.address).toEqual({ object_ownership: "BucketOwnerEnforced" });
        const versioning = json.ofBucket("aws_s3_bucket_versioning", bucket).attributes;
        expect(versioning["versioning_configuration"], bucket.address).toEqual({ status: "Enabled" });
        expect([block, ownership, versioning].map((one) => one["provider"])).toEqual(Array(3).fill(provider));
      }
      expect(
        offenders(
          json.all("aws_s3_bucket"),
          ({ acl, force_destroy }) => acl === undefined && force_destroy === false,
        ),
      ).toEqual([]);
      expect(json.optional("aws_s3_bucket_acl")).toEqual([]);
    });

    it("log who asked for what, but those that hold such logs, and the assets, which CloudFront logs", () => {
      const logged = json.all("aws_s3_bucket_logging").map(({ attributes }) => {
        const bucket = json.target("aws_s3_bucket", attributes["bucket"]);
        const target = json.target("aws_s3_bucket", attributes["target_bucket"]);
        expect(purposeOf(target)).toMatch(/^access-logs(-replica)?$/);
        expect(target.attributes["provider"]).toBe(bucket.attributes["provider"]);
        return purposeOf(bucket);
      });
      const all = json.all("aws_s3_bucket").map(purposeOf);
      expect(all.filter((purpose) => !logged.includes(purpose)).sort()).toEqual(
        all.filter((purpose) => ownKeysOfS3[purpose] !== undefined).sort(),
      );
    });
  });

  describe("reach", () => {
    it("NET-08: database and Redis are in data subnets only, which no route leads out of, and have no public address", () => {
      expect(
        offenders(json.all("aws_db_instance"), ({ publicly_accessible }) => publicly_accessible === false),
      ).toEqual([]);
      const groups = [...json.all("aws_db_subnet_group"), ...json.all("aws_elasticache_subnet_group")];
      const zones = Object.keys(config.network.availabilityZones).length;
      for (const group of groups) {
        const subnets = asList(group.attributes["subnet_ids"]).map((id) => json.target("aws_subnet", id));
        expect(subnets, group.address).toHaveLength(zones);
        for (const subnet of subnets) {
          expect(subnet.attributes["tags"], group.address).toMatchObject({ SubnetTier: "data" });
          expect(subnet.attributes["map_public_ip_on_launch"]).toBe(false);
          expect(routesOf(json, subnet), subnet.address).toEqual([]);
        }
      }
      const app = json.all("aws_subnet").find(({ address }) => address.includes("_app-"));
      expect(app && routesOf(json, app), "the way in which routes are found finds some").toHaveLength(1);
    });

    it("database and Redis have their own security group and no other", () => {
      const groupsOf = (type: string, attribute: string) =>
        json
          .all(type)
          .map(({ attributes }) =>
            asList(attributes[attribute]).map((id) => plain(json.target("aws_security_group", id).address)),
          );
      expect(new Set(groupsOf("aws_db_instance", "vpc_security_group_ids").flat())).toEqual(
        new Set(["aws_security_group.network_security-groups_database"]),
      );
      expect(new Set(groupsOf("aws_elasticache_replication_group", "security_group_ids").flat())).toEqual(
        new Set(["aws_security_group.network_security-groups_cache"]),
      );
    });
  });

  describe("policies", () => {
    const statements = json.statements();
    const allowed = statements.filter(({ statement }) => statement.Effect === "Allow");
    const where = ({ resource, statement }: (typeof statements)[number]): string =>
      `${plain(resource.address)} ${statement.Sid}`;

    it("are found wherever they are: keys, roles, buckets, endpoints", () => {
      const types = new Set(statements.map(({ resource }) => resource.type));
      expect([...types].sort()).toEqual([
        "aws_cloudwatch_log_resource_policy",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_kms_key",
        "aws_s3_bucket_policy",
        "aws_sns_topic_policy",
        "aws_vpc_endpoint",
      ]);
    });

    it("allow nothing to everybody, but at endpoints: those ask for an identity of the account, or give reads of AWS's buckets", () => {
      const open = allowed.filter(({ statement }) =>
        JSON.stringify(statement.Principal ?? "").includes('"*"'),
      );
      expect(new Set(open.map(({ resource }) => resource.type))).toEqual(new Set(["aws_vpc_endpoint"]));
      const bare = open.filter(({ statement }) => !asksForAccount(statement.Condition));
      expect(bare.map(where)).toEqual(["aws_vpc_endpoint.network_gateway-endpoints_s3 ReadWhatAwsServes"]);
      for (const { statement } of bare) {
        expect(statement.Action).toBe("s3:GetObject");
        for (const arn of asList(statement.Resource)) expect(arn).toMatch(/^arn:aws:s3:::[a-z0-9-]+\/\*$/);
      }
    });

    it("stand at every endpoint whose service takes one", () => {
      const bare = json
        .all("aws_vpc_endpoint")
        .filter(({ attributes }) => attributes["policy"] === undefined);
      expect(
        bare.map(({ address }) => plain(address)).filter((address) => !withoutPolicy.test(address)),
      ).toEqual([]);
    });

    it("name what they allow: no wildcard of a service but at endpoints, no Not…", () => {
      const wide = allowed.filter(
        ({ resource, statement }) =>
          resource.type !== "aws_vpc_endpoint" &&
          asList(statement.Action).some((action) => /^\*$|^[a-z0-9-]+:\*$/.test(String(action))),
      );
      expect(wide.map(where)).toEqual([]);
      const negated = allowed.filter(({ statement }) =>
        ["NotAction", "NotResource", "NotPrincipal"].some((key) => key in statement),
      );
      expect(negated.map(where)).toEqual([]);
    });

    it("open a key to identities of the account only through the services of its class", () => {
      const decrypts = allowed.filter(
        ({ resource, statement }) =>
          resource.type === "aws_kms_key" &&
          asList(statement.Action).includes("kms:Decrypt") &&
          Object.hasOwn((statement.Principal ?? {}) as object, "AWS"),
      );
      expect(decrypts).toHaveLength(json.all("aws_kms_key").length);
      const direct = decrypts.filter(
        ({ statement }) => statement.Condition?.["StringEquals"]?.["kms:ViaService"] === undefined,
      );
      expect(direct.map(where)).toEqual([]);
    });

    it("attach no policy of AWS but those of RDS's monitoring and CodeDeploy", () => {
      const attached = json
        .all("aws_iam_role_policy_attachment")
        .map(({ attributes }) => attributes["policy_arn"]);
      expect([...attached].sort()).toEqual([
        "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole",
        "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
      ]);
    });

    it("IAM-06: are for roles: there is no user, group or access key", () => {
      const types = [...new Set(json.everything().map(({ type }) => type))];
      expect(types.filter((type) => /^aws_iam_(user|group|access_key)/.test(type))).toEqual([]);
    });
  });

  describe("secrets", () => {
    const asksForHeader = config.network.loadBalancerIngress.from === "cloudfront";

    it("SEC-08, DB-08: are those that something reads, each with a value by a write-only argument and from an ephemeral draw", () => {
      // A relay fills the secret of its certificate itself.
      const secrets = json.all("aws_secretsmanager_secret").filter(({ stack }) => !stack.endsWith("-turn"));
      expect(secrets.map(({ address }) => plain(address).split("_").at(-2)).sort()).toEqual([
        "app-key",
        "database",
        ...(asksForHeader ? ["origin-header-a", "origin-header-b"] : []),
        "redis",
        "reverb",
        "turn",
      ]);
      const versions = json.all("aws_secretsmanager_secret_version");
      expect(
        versions
          .map(({ attributes }) => json.target("aws_secretsmanager_secret", attributes["secret_id"]).address)
          .sort(),
      ).toEqual(secrets.map(({ address }) => address).sort());
      expect(
        offenders(
          versions,
          ({ secret_string, secret_binary, secret_string_wo, secret_string_wo_version }) =>
            secret_string === undefined &&
            secret_binary === undefined &&
            String(secret_string_wo).includes("ephemeral.aws_secretsmanager_random_password.") &&
            Number(secret_string_wo_version) >= 1,
        ),
      ).toEqual([]);
    });

    it("DB-08: reach the database by a write-only argument", () => {
      const writers = json.all("aws_db_instance").filter((instance) => !isReplica(instance));
      expect(
        offenders(
          writers,
          ({ password, password_wo }) =>
            password === undefined &&
            String(password_wo).startsWith("${jsondecode(ephemeral.aws_secretsmanager_secret_version."),
        ),
      ).toEqual([]);
    });

    it("are drawn and read ephemerally, but for those that ElastiCache, a listener rule and CloudFront must be given", () => {
      const drawn = json.everything().concat(json.everything("data"));
      expect(
        drawn.filter(({ type }) => /random_password|random_string|random_id|tls_private_key/.test(type)),
      ).toEqual([]);
      const read = json.all("aws_secretsmanager_secret_version", "data");
      const purposes = read.map(({ attributes }) => {
        const secret = json.target("aws_secretsmanager_secret", attributes["secret_id"]);
        return plain(secret.address).split("_").at(-2);
      });
      expect([...new Set(purposes)].sort()).toEqual([
        ...(asksForHeader ? ["origin-header-a", "origin-header-b"] : []),
        "redis",
      ]);
      const users = json
        .everything()
        .filter(({ attributes }) =>
          JSON.stringify(attributes).includes("data.aws_secretsmanager_secret_version."),
        );
      expect([...new Set(users.map(({ type }) => type))].sort()).toEqual([
        ...(asksForHeader ? ["aws_cloudfront_distribution"] : []),
        "aws_elasticache_replication_group",
        ...(asksForHeader ? ["aws_lb_listener_rule"] : []),
      ]);
    });

    it("stand nowhere: no attribute for a secret has a literal, and no text looks like one", () => {
      const texts = [...json.documents].flatMap(([stack, document]) => leaves(document, stack));
      expect(texts.length).toBeGreaterThan(1000);
      const named = texts.filter(
        ({ path, value }) =>
          /(password|secret|token|private_key)[a-z_]*$/.test(path) && !isReference(path, value),
      );
      expect(named.map(({ path }) => path)).toEqual([]);
      // The driver of blue and green is compressed: letters and digits, of a program that everybody may read.
      const program = new Set(driverBuildspec(blueGreenProgram()).split("\n"));
      const strange = texts.filter(({ value }) => looksSecret(value) && !program.has(value));
      expect(strange.map(({ path }) => path)).toEqual([]);
    });

    it("would be seen if one stood there", () => {
      expect(looksSecret("base64:3q2+7wAbcdEFGhIJ0123456789klmnopQRSTuvwxYZ=")).toBe(true);
      expect(looksSecret("AKIAIOSFODNN7EXAMPLE")).toBe(true);
      expect(looksSecret("0f5c7e9a4b1d2c3e8f6a7b9c0d1e2f3a")).toBe(true);
      expect(looksSecret("${aws_kms_key.a.arn} kms:GenerateDataKeyWithoutPlaintext")).toBe(false);
    });
  });

  describe("names and tags", () => {
    it("TAG-03: every provider, and with it every resource, has the six mandatory tags", () => {
      const providers = [...json.documents].flatMap(([stack, { provider }]) => {
        const found = asList((provider as { readonly aws: unknown }).aws) as Readonly<
          Record<string, unknown>
        >[];
        expect(found.length, stack).toBeGreaterThan(0);
        expect(Object.keys(provider as object), stack).toEqual(["aws"]);
        return found;
      });
      for (const provider of providers) {
        expect(provider["default_tags"]).toEqual([
          {
            tags: {
              Owner: "devops-team@company.com",
              Environment: name,
              CostCenter: "telemedicina",
              Project: "telemedicina",
              ManagedBy: "infrastructure-as-code",
              Backup: "false",
            },
          },
        ]);
        expect(provider["allowed_account_ids"]).toEqual([config.accountId]);
      }
      const overridden = json.everything().flatMap(({ address, attributes }) =>
        Object.keys((attributes["tags"] ?? {}) as object)
          .filter((tag) => ["Owner", "Environment", "CostCenter", "Project", "ManagedBy"].includes(tag))
          .map((tag) => `${address} ${tag}`),
      );
      expect(overridden).toEqual([]);
    });

    it("TAG-01: every name is of project, environment, type and region; RDS and WAF ask for other log groups, operators for short names", () => {
      const segment = { production: "prod", staging: "stg", development: "dev" }[name as typeof config.name];
      const region = `(?:${config.region}|${config.drRegion}|us-east-1)`;
      // What is too long for 32 characters has a hash for its middle.
      const pattern = new RegExp(`^telemedicina-(?:${segment}-[a-z0-9-]+|[0-9a-f]{8})-${region}$`);
      const tagged = json.everything().filter(({ attributes }) => attributes["tags"] !== undefined);
      expect(tagged.length).toBeGreaterThan(50);
      expect(
        offenders(tagged, ({ tags }, { type }) => {
          const given = String((tags as Readonly<Record<string, unknown>>)["Name"]);
          const byRds = type === "aws_cloudwatch_log_group" && given.startsWith("/aws/rds/instance/");
          const name = type === "aws_cloudwatch_log_group" ? given.replace(/^aws-waf-logs-/, "") : given;
          return byRds || typed.has(type) || pattern.test(name);
        }),
      ).toEqual([]);
      const idAttributes = ["bucket", "identifier", "name", "name_prefix", "replication_group_id"];
      const differs = tagged.filter(({ attributes }) => {
        const given = (attributes["tags"] as Readonly<Record<string, unknown>>)["Name"];
        return idAttributes
          .map((key) => attributes[key])
          .some((value) => typeof value === "string" && value !== given && value !== `${String(given)}-`);
      });
      // A zone has the domain's name. In SQL a hyphen is a minus.
      expect(differs.map(({ address }) => plain(address)).sort()).toEqual([
        "aws_glue_catalog_database.storage_appointment-logs_database",
        "aws_route53_zone.public-zone",
      ]);
    });

    it("TAG-04: what holds patients' data says so", () => {
      const sensitive = [
        ...json.all("aws_db_instance"),
        ...json.all("aws_elasticache_replication_group"),
        ...json.all("aws_secretsmanager_secret"),
        ...json.all("aws_s3_bucket").filter((bucket) => /^(uploads|logs|backups)/.test(purposeOf(bucket))),
      ];
      expect(
        offenders(
          sensitive,
          ({ tags }) => (tags as Readonly<Record<string, unknown>>)["DataClassification"] === "sensitive",
        ),
      ).toEqual([]);
    });
  });

  describe("what is kept", () => {
    it("every log group has an end that CloudWatch Logs knows", () => {
      expect(
        offenders(json.all("aws_cloudwatch_log_group"), ({ retention_in_days }) =>
          retentionDays.includes(Number(retention_in_days)),
        ),
      ).toEqual([]);
    });

    it("RDS writes into log groups that are there before it, with a retention", () => {
      for (const { attributes } of json.all("aws_db_instance")) {
        const exported = asList(attributes["enabled_cloudwatch_logs_exports"]);
        expect(exported).toEqual(["postgresql", "upgrade"]);
        for (const log of exported) {
          const groupName = `/aws/rds/instance/${String(attributes["identifier"])}/${String(log)}`;
          const group = json
            .all("aws_cloudwatch_log_group")
            .find((one) => one.attributes["name"] === groupName);
          expect(asList(attributes["depends_on"]), groupName).toContain(group?.address);
        }
      }
    });

    it("the database has backups, outlives its deletion in a snapshot, and is never busy with two things at once", () => {
      const writers = json.all("aws_db_instance").filter((instance) => !isReplica(instance));
      expect(
        offenders(
          writers,
          ({ backup_retention_period, backup_window, skip_final_snapshot, delete_automated_backups }) =>
            Number(backup_retention_period) >= 1 &&
            /^\d\d:\d\d-\d\d:\d\d$/.test(String(backup_window)) &&
            skip_final_snapshot === false &&
            delete_automated_backups === false,
        ),
      ).toEqual([]);
      expect(
        offenders(writers, ({ backup_window, maintenance_window }) =>
          apart(backup_window, maintenance_window),
        ),
      ).toEqual([]);
      const stores = json.all("aws_elasticache_replication_group");
      expect(
        offenders(
          stores,
          ({ snapshot_window, maintenance_window }) =>
            snapshot_window === undefined || apart(snapshot_window, maintenance_window),
        ),
      ).toEqual([]);
      expect(new Set(stores.map(({ attributes }) => attributes["maintenance_window"])).size).toBe(
        stores.length,
      );
    });

    it("the application key cannot be destroyed: with it goes whatever is encrypted", () => {
      const keys = json
        .all("aws_secretsmanager_secret")
        .filter(({ address }) => address.includes("_app-key_"));
      expect(keys).toHaveLength(1);
      expect(offenders(keys, isProtected)).toEqual([]);
    });

    it("production destroys nothing that holds data; elsewhere each exception has its reason beside it", () => {
      const open = json
        .everything()
        .filter(({ type, attributes }) => stateful.includes(type) && !isProtected(attributes))
        .map(({ address }) => plain(address));
      if (name === "production") {
        expect(open.sort()).toEqual([
          // Made again from the writer, from the database, and by the pipeline.
          "aws_db_instance.database_replica-a_instance",
          "aws_db_instance.database_replica-b_instance",
          "aws_elasticache_replication_group.cache_replication-group",
          "aws_s3_bucket.storage_assets_bucket",
          "aws_s3_bucket.storage_deployments_bucket",
        ]);
        const [writer] = json.all("aws_db_instance").filter((one) => !isReplica(one));
        expect(writer?.attributes["deletion_protection"]).toBe(true);
      } else {
        for (const section of [config.database, config.cache.queue, config.storage]) {
          const { deletionProtection } = section;
          expect(deletionProtection.on || deletionProtection.reason).toMatch(/\w{4}/);
        }
        expect(open).toContain("aws_db_instance.database_instance");
      }
    });
  });
});

/** Which key of the security stack an attribute names. It has to be in the region of what it encrypts. */
function keyName(json: EnvironmentJson, resource: Resource, attribute: unknown, given = false): string {
  const key = json.target("aws_kms_key", given ? attribute : resource.attributes[String(attribute)]);
  // The stack's own provider may be named or not.
  const providerOf = ({ attributes }: Resource) => attributes["provider"] ?? "aws";
  expect(providerOf(key), resource.address).toBe(providerOf(resource));
  return plain(key.address).replace(/^aws_kms_key\.(.*)_key$|^aws_kms_key\.(.*)$/, (_, a, b) =>
    String(a ?? b),
  );
}

function isProtected({ lifecycle }: Readonly<Record<string, unknown>>): boolean {
  return (lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;
}

/** Whether whoever calls has to be of the account whose VPC it is. */
function asksForAccount(
  condition: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): boolean {
  return /^\$\{aws_vpc\.[\w-]+\.owner_id\}$/.test(
    String(condition["StringEquals"]?.["aws:PrincipalAccount"]),
  );
}

/** Routes of a subnet's table, the local one apart. */
function routesOf(json: EnvironmentJson, subnet: Resource): unknown[] {
  const [association] = json
    .all("aws_route_table_association")
    .filter(({ attributes }) => attributes["subnet_id"] === `\${${subnet.address}.id}`);
  return json
    .all("aws_route")
    .map(({ attributes }) => attributes)
    .filter(({ route_table_id }) => route_table_id === association?.attributes["route_table_id"]);
}

/** Whether a daily window of UTC and a weekly one on one day never meet. Neither goes past midnight here. */
function apart(daily: unknown, weekly: unknown): boolean {
  const times = (text: string): number[] =>
    [...text.matchAll(/(\d\d):(\d\d)/g)].map(([, hours, minutes]) => Number(hours) * 60 + Number(minutes));
  const [dailyFrom = 0, dailyTo = 0] = times(String(daily));
  const [weeklyFrom = 0, weeklyTo = 0] = times(String(weekly));
  if (dailyFrom >= dailyTo || weeklyFrom >= weeklyTo)
    throw new Error(`${daily} or ${weekly} goes past midnight`);
  return dailyTo <= weeklyFrom || weeklyTo <= dailyFrom;
}

interface Leaf {
  readonly path: string;
  readonly value: string;
}

function leaves(value: unknown, path: string): Leaf[] {
  if (typeof value === "string") return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "//" ? [] : leaves(inner, `${path}.${key}`),
  );
}

/** A reference, or an attribute that is about a secret and not one. */
function isReference(path: string, value: string): boolean {
  return (
    /\$\{/.test(value) ||
    /\.(auth_token_update_strategy|secret_?Arn|arn|metadata_options\.http_tokens)$/i.test(path)
  );
}

/** A key of AWS, or a long run of characters without a pause in which letters and digits are mixed. */
function looksSecret(text: string): boolean {
  // References, and paths that AWS makes.
  const literal = text.replace(
    /\$\{[^}]*\}|\/AWSLogs\/[0-9]{12}\/|^(resolve:ssm:)?\/aws\/service\/\S+$/g,
    " ",
  );
  if (/\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN/.test(literal)) return true;
  return (literal.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []).some(
    (run) => (run.match(/[0-9]/g) ?? []).length >= 4 && /[A-Za-z]/.test(run),
  );
}
