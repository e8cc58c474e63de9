import { describe, expect, it } from "vitest";
import { awsAuthorization } from "./aws-signature.js";

/** Principal and scope of AWS's published Signature Version 4 test suite. */
const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const SCOPE = { region: "us-east-1", service: "service" };
const HEADERS = { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" };
const form = { "content-type": "application/x-www-form-urlencoded" };

describe("Signature Version 4", () => {
  it.each([
    ["get-vanilla", { method: "GET" }, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    ["post-vanilla", { method: "POST" }, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    [
      "post-header-key-sort",
      { method: "POST", headers: { ...HEADERS, "my-header1": "value1" } },
      "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    ],
    [
      "post-x-www-form-urlencoded",
      { method: "POST", headers: { ...HEADERS, ...form }, body: "Param1=value1" },
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ],
  ])("is what AWS's test suite gives for %s", (_name, over, signature) => {
    const request = { path: "/", headers: HEADERS, body: "", ...over };
    const signed = Object.keys(request.headers).toSorted().join(";");
    expect(awsAuthorization(request, SCOPE, KEYS)).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed}, Signature=${signature}`,
    );
  });

  it("is what the General Reference gives for its IAM request", () => {
    const headers = { ...HEADERS, host: "iam.amazonaws.com", "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const request = { method: "GET", path: "/", query: "Action=ListUsers&Version=2010-05-08", headers, body: "" };
    expect(awsAuthorization(request, { region: "us-east-1", service: "iam" }, KEYS)).toContain(
      "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    );
  });

  it("covers the body", () => {
    const request = { method: "POST", path: "/", headers: HEADERS, body: "a" };
    expect(awsAuthorization(request, SCOPE, KEYS)).not.toBe(awsAuthorization({ ...request, body: "b" }, SCOPE, KEYS));
  });
});
