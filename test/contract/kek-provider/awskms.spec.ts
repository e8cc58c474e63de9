import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { systemClock } from "#platform/kernel/clock.js";
import { AwsKmsClient, type AwsKmsTransport } from "../../../services/vault/src/signer-core/providers/awskms-client.js";
import { type AwsKmsConfig, parseAwsKmsConfig } from "../../../services/vault/src/signer-core/providers/awskms-config.js";
import { AwsKmsKekProvider } from "../../../services/vault/src/signer-core/providers/awskms-kek-provider.js";
import { awsKmsTransport } from "../../../services/vault/src/signer-core/providers/awskms-transport.js";
import { kekProviderContract } from "./kek-provider-contract.js";
import { playback, recorder } from "./recorded-exchanges.js";

/** Not Amazon's service: moto, an independent implementation of its API, answered. */
const RECORDING = "test/golden/vault/awskms-moto-5.json";
/** Address of a running `moto_server`: the suite then makes two keys there and records anew. */
const LIVE = process.env.MOTO_ADDRESS;
const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const ARN = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000001";
const OTHER = ARN.replace(/1$/, "2");

/** The same bytes in every run, or a recording could not be played. */
function counted(): (bytes: number) => Buffer {
  let count = 0;
  return (bytes) => createHash("sha256").update(`awskms ${count++}`).digest().subarray(0, bytes);
}

async function newKey(endpoint: string): Promise<string> {
  const send = awsKmsTransport(() => configOf([ARN], endpoint), systemClock);
  const { body } = await send({ operation: "CreateKey", body: {} });
  return (body as { KeyMetadata: { Arn: string } }).KeyMetadata.Arn;
}

function configOf(arns: readonly string[], endpoint = "http://127.0.0.1:1"): AwsKmsConfig {
  const keys = Object.fromEntries(arns.map((arn, i) => [String(i + 1), arn]));
  return { provider: "awskms", region: "eu-west-1", endpoint, active: arns.length, keys, credentials: CREDENTIALS };
}

/** ARNs of the recorded run, in the order in which they were first asked about. */
function recordedKeys(): readonly string[] {
  return [...new Set(readFileSync(RECORDING, "utf8").match(/arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[a-f0-9-]+/g))];
}

kekProviderContract(`awskms, by exchanges with moto${LIVE === undefined ? " that were recorded" : ""}`, async () => {
  const random = counted();
  const keys = LIVE === undefined ? recordedKeys() : [await newKey(LIVE), await newKey(LIVE)];
  let held: readonly string[] = keys.slice(0, 1);
  const config = () => configOf(held, LIVE);
  const live = LIVE === undefined ? undefined : recorder(awsKmsTransport(config, systemClock), "moto 5, not AWS");
  return {
    provider: await AwsKmsKekProvider.open(new AwsKmsClient(live?.send ?? playback(RECORDING)), config, random),
    random,
    supplyVersion: async () => {
      held = keys;
    },
    close: async () => live?.save(RECORDING),
  };
});

describe("an AWS KMS that cannot be used", () => {
  const openWith = (send: AwsKmsTransport) => AwsKmsKekProvider.open(new AwsKmsClient(send), () => configOf([ARN]));
  const error = (__type: string) => ({ status: 400, body: { __type, message: "m" } });
  const enabled = { status: 200, body: { KeyMetadata: { Arn: ARN, KeySpec: "SYMMETRIC_DEFAULT", KeyState: "Enabled" } } };
  const wrapped = {
    provider: "awskms",
    kekVersion: 1,
    dekSalt: `0x${"11".repeat(32)}`,
    dekIv: `0x${createHash("sha256").update(Buffer.alloc(64, 0x33)).digest("hex").slice(0, 24)}`,
    wrappedDek: `0x${"33".repeat(64)}`,
  } as const;
  const binding = { keyRef: "01936b2e-0000-7000-8000-000000000001", account: `0x${"a1".repeat(20)}`, generation: 1 } as const;

  it.each([
    "AccessDeniedException",
    "DisabledException",
    "KMSInvalidStateException",
    "NotFoundException",
    "ThrottlingException",
    "KMSInternalException",
  ])("is away, not a row that is forged, when it says %s", async (type) => {
    await expect(openWith(async () => error(type))).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
    const provider = await openWith(async ({ operation }) => (operation === "DescribeKey" ? enabled : error(`com.amazonaws.kms#${type}`)));
    await expect(provider.unwrap(wrapped, binding)).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it.each(["InvalidCiphertextException", "IncorrectKeyException"])("is a row that does not open when it says %s", async (type) => {
    const provider = await openWith(async ({ operation }) => (operation === "DescribeKey" ? enabled : error(type)));
    await expect(provider.unwrap(wrapped, binding)).resolves.toBeUndefined();
  });

  it("gives nothing that another key than the row's opened", async () => {
    const body = { Plaintext: Buffer.alloc(32).toString("base64"), KeyId: OTHER };
    const provider = await openWith(async ({ operation }) => (operation === "DescribeKey" ? enabled : { status: 200, body }));
    await expect(provider.unwrap(wrapped, binding)).resolves.toBeUndefined();
  });

  it("is away when nothing answers", async () => {
    await expect(openWith(awsKmsTransport(() => configOf([ARN]), systemClock))).rejects.toMatchObject({ code: "DEPENDENCY_UNAVAILABLE" });
  });

  it("is not begun with a key that is disabled, of another kind, or an alias", async () => {
    for (const over of [{ KeyState: "Disabled" }, { KeySpec: "RSA_4096" }, { Arn: OTHER }]) {
      const body = { KeyMetadata: { ...enabled.body.KeyMetadata, ...over } };
      await expect(openWith(async () => ({ status: 200, body }))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    }
    const alias = configOf([ARN.replace(/key\/.*$/, "alias/interlock")]);
    expect(() => parseAwsKmsConfig(JSON.stringify(alias), "development")).toThrow("must be the ARN of a key, not of an alias");
  });

  it("is not spoken to without TLS in production, and named in no error with its credentials", () => {
    expect(() => parseAwsKmsConfig(JSON.stringify(configOf([ARN])), "production")).toThrow("must be https in production");
    const broken = JSON.stringify({ ...configOf([ARN]), active: 2 });
    expect(() => parseAwsKmsConfig(broken, "development")).toThrow(/^(?!.*EXAMPLEKEY).*active: must be one of keys/);
  });
});
