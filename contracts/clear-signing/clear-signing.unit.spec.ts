import { readFileSync } from "node:fs";
import { type AbiFunction, type AbiParameter, parseAbiItem, toFunctionSelector } from "viem";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sessionModuleAbi } from "../generated/session-module.js";

const field = z.strictObject({
  path: z.string().min(1),
  label: z.string().min(1).max(40),
  format: z.enum(["addressName", "amount", "date", "duration", "raw", "tokenAmount", "unit"]),
  params: z.record(z.string(), z.unknown()).optional(),
});
const format = z.strictObject({
  intent: z.string().min(1).max(40),
  fields: z.array(field).min(1),
  required: z.array(z.string()),
  excluded: z.array(z.string()).optional(),
});
const descriptor = z.strictObject({
  $schema: z.literal("https://eips.ethereum.org/assets/eip-7730/erc7730-v1.schema.json"),
  context: z.record(z.string(), z.unknown()),
  metadata: z.strictObject({ owner: z.literal("Interlock") }),
  display: z.strictObject({ formats: z.record(z.string(), format) }),
});

const read = (name: string) => {
  const text = readFileSync(new URL(`./${name}-session-module.json`, import.meta.url), "utf8");
  return Object.entries(descriptor.parse(JSON.parse(text)).display.formats);
};

/** Leaf paths of a function's arguments as ERC-7730 writes them. */
function leaves(parameters: readonly AbiParameter[], prefix = ""): string[] {
  return parameters.flatMap((parameter) => {
    const at = `${prefix}${parameter.name}${parameter.type.endsWith("[]") ? ".[]" : ""}`;
    return "components" in parameter ? leaves(parameter.components, `${at}.`) : [at];
  });
}

const isArgument = (path: string) => !path.startsWith("@.");

describe("the clear-signing descriptor of calls (ERC-7730)", () => {
  const formats = read("calldata");
  const own = new Map(
    sessionModuleAbi.filter((item) => item.type === "function").map((item): [string, AbiFunction] => [toFunctionSelector(item), item]),
  );

  it("shows everything an owner's wallet or Safe sends", () => {
    const names = formats.map(([signature]) => signature.slice(0, signature.indexOf("(")));
    expect(names.toSorted()).toEqual(["arm", "cancelArm", "configure", "disarm", "disarmAll", "emergencyCloseAll"]);
  });

  it.each(formats)(
    "%s is a function of the module and every argument is shown or left out on purpose",
    (signature, { fields, excluded }) => {
      const parsed = parseAbiItem(`function ${signature}`);
      if (parsed.type !== "function") throw new Error("no function");
      expect(own.has(toFunctionSelector(parsed))).toBe(true);
      const named = [...fields.map(({ path }) => path).filter(isArgument), ...(excluded ?? [])];
      expect(named.toSorted()).toEqual(leaves(parsed.inputs).toSorted());
    },
  );
});

describe("the clear-signing descriptor of messages (ERC-7730)", () => {
  const source = readFileSync(new URL("../src/module/SessionSignatures.sol", import.meta.url), "utf8");

  it.each(read("eip712"))("%s is a message the module accepts", (type, { fields, excluded }) => {
    expect(source).toContain(`"${type}"`);
    const members = type.slice(type.indexOf("(") + 1, -1).split(",");
    const names = members.map((member) => member.slice(member.lastIndexOf(" ") + 1));
    expect([...fields.map(({ path }) => path), ...(excluded ?? [])].toSorted()).toEqual(names.toSorted());
  });
});
