import { describe, expect, it } from "vitest";
import { completeDescriptors } from "./complete-descriptors.js";

const address = "0x00000000000000000000000000000000000000C1";
const complete = completeDescriptors(new URL("./", import.meta.url), { chainId: 42161, address });

describe("the descriptors of a deployment", () => {
  it("name where the module stands, and the functions they show", () => {
    expect(complete["calldata-session-module.json"]).toMatchObject({
      context: { contract: { deployments: [{ chainId: 42161, address }] } },
    });
    expect(JSON.stringify(complete["calldata-session-module.json"])).toContain('"name":"emergencyCloseAll"');
    expect(JSON.stringify(complete["calldata-session-module.json"])).not.toContain('"name":"execSigned"');
  });

  it("carry the type of each message they show, under its name", () => {
    expect(complete["eip712-session-module.json"]).toMatchObject({
      context: {
        eip712: {
          deployments: [{ chainId: 42161, address }],
          schemas: expect.arrayContaining([
            expect.objectContaining({
              primaryType: "DisarmAll",
              types: expect.objectContaining({
                DisarmAll: [
                  { name: "safe", type: "address" },
                  { name: "epoch", type: "uint32" },
                  { name: "deadline", type: "uint48" },
                ],
              }),
            }),
          ]),
        },
      },
      display: {
        formats: { Arm: expect.anything(), Disarm: expect.anything(), DisarmAll: expect.anything(), EmergencyCloseAll: expect.anything() },
      },
    });
  });
});
