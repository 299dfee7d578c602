import { describe, expect, it } from "vitest";
import { credentialVectors, turnCredential } from "../src/credentials.js";
import { iceServers } from "../src/ice-servers.js";

const props = { secret: "north", userId: "patient-42", ttlSeconds: 3600, now: new Date(1_767_222_000_000) };

describe("turnCredential", () => {
  it.each(credentialVectors)("TURN-09, T-15: makes the vector of $username", (vector) => {
    const { secret, userId, ttlSeconds, now, username, credential } = vector;

    expect(turnCredential({ secret, userId, ttlSeconds, now: new Date(now * 1000) })).toEqual({
      username,
      credential,
    });
  });

  it("TURN-09: says until when, in whole seconds", () => {
    expect(turnCredential({ ...props, now: new Date(1_767_222_000_999) }).username).toBe(
      "1767225600:patient-42",
    );
  });

  it("fails when its props make no credential, and never tells the secret", () => {
    expect(() =>
      turnCredential({ secret: "", userId: "eve:0", ttlSeconds: 0.5, now: new Date(Number.NaN) }),
    ).toThrow(
      "turnCredential has 4 faults:\n" +
        '  - turnCredential: secret is "". Allowed: a secret that is not empty.\n' +
        '  - turnCredential: userId is "eve:0". Allowed: 1 to 128 letters, digits and . _ -, an opaque id.\n' +
        "  - turnCredential: ttlSeconds is 0.5. Allowed: a whole number from 1 to 604800.\n" +
        '  - turnCredential: now is "Invalid Date". Allowed: a valid date.',
    );
    expect(() => turnCredential({ ...props, secret: "hidden", userId: "" })).not.toThrow("hidden");
  });
});

describe("iceServers", () => {
  it("T-15, T-19, T-20a, TURN-12: has three ways into the relay of each zone, and STUN", () => {
    const { zones, urls, ttlSeconds, algorithm } = iceServers({
      hostNames: { a: "turn-a.example.com", b: "turn-b.example.com" },
    });

    expect(urls).toEqual([
      "turn:turn-a.example.com:3478?transport=udp",
      "turn:turn-a.example.com:3478?transport=tcp",
      "turns:turn-a.example.com:5349?transport=tcp",
      "turn:turn-b.example.com:3478?transport=udp",
      "turn:turn-b.example.com:3478?transport=tcp",
      "turns:turn-b.example.com:5349?transport=tcp",
    ]);
    expect(zones["b"]?.stun).toBe("stun:turn-b.example.com:3478");
    expect({ ttlSeconds, algorithm }).toEqual({
      ttlSeconds: 3600,
      algorithm: {
        username: "<unix time of expiry>:<opaque user id>",
        credential: "base64(hmac-sha1(secret, username))",
      },
    });
  });

  it("takes other ports and another life", () => {
    const contract = iceServers({
      hostNames: { a: "turn-a.example.com" },
      ports: { turn: 13478, turnTls: 443 },
      ttlSeconds: 600,
    });

    expect(contract.urls).toEqual([
      "turn:turn-a.example.com:13478?transport=udp",
      "turn:turn-a.example.com:13478?transport=tcp",
      "turns:turn-a.example.com:443?transport=tcp",
    ]);
    expect(contract.ttlSeconds).toBe(600);
  });
});
