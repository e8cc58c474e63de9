import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { GrpcClient } from "#platform/grpc/promise-client.js";
import type { PermissionsServiceClient } from "#proto/interlock/permissions/v1/permissions.js";
import { freePort } from "../../../deploy/local/free-port.js";
import { serviceEnvironment } from "../../../deploy/local/service-environment.js";
import { startService } from "../../../deploy/local/service-process.js";
import type { Stack } from "../../../deploy/local/stack.js";
import { waitUntilListening } from "../../../deploy/local/wait-until-listening.js";
import { Impostor } from "../e2e/impostor.js";

export interface SecondPermissions {
  readonly client: GrpcClient<PermissionsServiceClient>;
  stop(): Promise<void>;
}

/** A second replica of permissions on the same database, on ports of its own. */
export async function secondPermissions(stack: Stack): Promise<SecondPermissions> {
  const [grpc, health, http] = [await freePort(), await freePort(), await freePort()];
  const settings = { ...stack.settings, ports: { ...stack.settings.ports, permissions: { grpc, health, http } } };
  const logFolder = join(stack.logFolder, "second-permissions");
  mkdirSync(logFolder, { recursive: true });
  const process = startService({ name: "permissions", environment: serviceEnvironment("permissions", settings), logFolder });
  await waitUntilListening(process, health, undefined);
  const relay = new Impostor({ ...stack, settings }, "relay");
  const stop = async () => {
    relay.close();
    await process.stop();
  };
  return { client: relay.client("permissions"), stop };
}
