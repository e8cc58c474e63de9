import { createSiweMessage } from "viem/siwe";
import { describe, expect, it } from "vitest";
import { checkSignIn } from "./check-sign-in.js";
import { parseSignIn } from "./siwe-message.js";

const NOW = new Date("2026-01-01T12:00:00.000Z");
const RULES = { origins: ["https://app.example", "http://127.0.0.1:8080"], chainIds: [31337] };
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

const text = (changes: object = {}) =>
  createSiweMessage({
    address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    chainId: 31337,
    domain: "app.example",
    uri: "https://app.example/login",
    version: "1",
    nonce: "0123456789abcdef",
    issuedAt: NOW,
    expirationTime: at(300),
    ...changes,
  });
const check = (changes: object = {}) => checkSignIn(parseSignIn(text(changes)), RULES, NOW);

describe("a sign-in message", () => {
  it.each<[string, object]>([
    ["as it should be", {}],
    ["of another allowed origin", { domain: "127.0.0.1:8080", uri: "http://127.0.0.1:8080" }],
    ["with the scheme of its origin", { scheme: "https" }],
    ["issued almost ten minutes ago", { issuedAt: at(-599.999), expirationTime: at(0.001) }],
    ["issued 30 seconds ahead", { issuedAt: at(30), expirationTime: at(600) }],
    ["that lives exactly ten minutes", { expirationTime: at(600) }],
    ["valid from now", { notBefore: NOW }],
  ])("%s is accepted", (_name, changes) => {
    expect(() => check(changes)).not.toThrow();
  });

  it.each<[string, object, string]>([
    ["another domain", { domain: "evil.example" }, "domain"],
    ["a domain that ends like ours", { domain: "not-app.example" }, "domain"],
    ["our domain on another port", { domain: "app.example:8443" }, "domain"],
    ["the uri of another site", { uri: "https://evil.example/login" }, "uri"],
    ["the uri of another allowed origin", { uri: "http://127.0.0.1:8080/login" }, "uri"],
    ["our host under http", { uri: "http://app.example/login" }, "uri"],
    ["another scheme", { scheme: "http" }, "scheme"],
    ["another chain", { chainId: 1 }, "chainId"],
    ["an issue time too long ago", { issuedAt: at(-600.001), expirationTime: at(-0.5) }, "issuedAt"],
    ["an issue time too far ahead", { issuedAt: at(30.001), expirationTime: at(600) }, "issuedAt"],
    ["no expiry", { expirationTime: undefined }, "expirationTime"],
    ["an expiry that is now", { issuedAt: at(-10), expirationTime: NOW }, "expirationTime"],
    ["a life of more than ten minutes", { expirationTime: at(600.001) }, "expirationTime"],
    ["a start in the future", { notBefore: at(1) }, "notBefore"],
  ])("with %s is refused and the field named", (_name, changes, field) => {
    expect(() => check(changes)).toThrow(expect.objectContaining({ code: "SIWE_INVALID", details: expect.objectContaining({ field }) }));
  });

  it.each<[string, string]>([
    ["no message at all", "hello"],
    [
      "an address in lower case",
      text().replace("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"),
    ],
    ["an address with a wrong checksum", text().replace("0xf39F", "0xF39F")],
    ["a trailing line", `${text()}\nAdmin: true`],
    ["far too much text", text({ statement: "a".repeat(5_000) })],
    ["a time that is none", text().replace("2026-01-01T12:00:00.000Z", "2026-13-41T12:00:00.000Z")],
  ])("that is %s is refused as malformed", (_name, message) => {
    expect(() => parseSignIn(message)).toThrow(expect.objectContaining({ code: "VALIDATION_FAILED" }));
  });
});
