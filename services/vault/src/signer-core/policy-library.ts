import type { Address } from "viem";
import { type Deployment, parseDeployment } from "#platform/deployment/deployment.js";

/** What the core knows of the chain: from the operator's deployment file, not from whoever asks. */
export interface PolicyLibrary {
  readonly chainId: string;
  readonly module: Address;
  /** Protocol labels of the policy language and their ids on chain. */
  readonly protocols: Deployment["protocols"];
}

/** @throws InterlockError CONFIG_INVALID when the deployment file is malformed */
export function createPolicyLibrary(deploymentText: string): PolicyLibrary {
  const { chainId, module, protocols } = parseDeployment(deploymentText);
  return { chainId: String(chainId), module, protocols };
}
