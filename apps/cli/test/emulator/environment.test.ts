import { describe, expect, it } from "vitest";
import { emulatorVariables, isolatedEnvironment } from "../../src/emulator/environment.js";

const USER = {
  PATH: "/bin",
  HOME: "/home/ana",
  AWS_PROFILE: "production",
  AWS_SESSION_TOKEN: "real",
  AWS_ENDPOINT_URL_EC2: "https://ec2.us-east-1.amazonaws.com",
  AWS_CA_BUNDLE: "/etc/ssl/ca.pem",
  TF_VAR_secret: "x",
  TF_CLI_ARGS_apply: "-parallelism=1",
  TF_WORKSPACE: "production",
  TF_TOKEN_app_terraform_io: "token",
  TERRAFORM_CONFIG: "/home/ana/.terraformrc",
  http_proxy: "http://proxy:3128",
  HTTPS_PROXY: "http://proxy:3128",
  no_proxy: "*",
  ALL_PROXY: "socks5://proxy",
};

describe("isolatedEnvironment", () => {
  const env = isolatedEnvironment(USER, 5600, "sa-east-1", "/run/empty");

  it("keeps of the user's environment what steers nothing", () => {
    expect(env).toMatchObject({ PATH: "/bin", HOME: "/home/ana" });
  });

  it("is exactly the emulator's, for AWS, Terraform and proxies", () => {
    const { PATH: _path, HOME: _home, ...steering } = env;
    expect(steering).toEqual({
      AWS_ACCESS_KEY_ID: "rehearsal",
      AWS_SECRET_ACCESS_KEY: "rehearsal",
      AWS_ENDPOINT_URL: "http://127.0.0.1:5600",
      AWS_ENDPOINT_URL_S3_CONTROL: "http://s3control.moto:5600",
      AWS_REGION: "sa-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "2",
      AWS_SHARED_CREDENTIALS_FILE: "/run/empty",
      AWS_CONFIG_FILE: "/run/empty",
      HTTP_PROXY: "http://127.0.0.1:5600",
      HTTPS_PROXY: "http://127.0.0.1:5600",
      NO_PROXY: "127.0.0.1",
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
    });
  });
});

describe("emulatorVariables", () => {
  it("leads every address to this machine", () => {
    const addresses = Object.values(emulatorVariables(5600, "us-east-1")).filter((value) =>
      value.startsWith("http"),
    );
    expect(new Set(addresses)).toEqual(new Set(["http://127.0.0.1:5600", "http://s3control.moto:5600"]));
  });
});
