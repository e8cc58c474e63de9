import { readFileSync } from "node:fs";
import { InterlockError } from "../errors/interlock-error.js";
import { type Deployment, parseDeployment } from "./deployment.js";

/** Reads and parses the deployment file at `path`. @throws InterlockError CONFIG_INVALID when it cannot be read or is malformed. */
export function readDeployment(path: string): Deployment {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InterlockError("CONFIG_INVALID", `DEPLOYMENT_FILE: ${path} cannot be read`, { cause });
  }
  return parseDeployment(text);
}
