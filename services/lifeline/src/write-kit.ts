import { writeFileSync } from "node:fs";
import { getAddress } from "viem";
import { readDeployment } from "#platform/deployment/read-deployment.js";
import { offlineKit } from "./page/emergency-page.js";

/** Writes the offline kit of a deployment: `node write-kit.js DEPLOYMENT_FILE KIT_FILE`. */
const [deploymentFile, kitFile] = process.argv.slice(2);
if (deploymentFile === undefined || kitFile === undefined) {
  console.error("usage: node dist/services/lifeline/src/write-kit.js DEPLOYMENT_FILE KIT_FILE");
  process.exit(2);
}
const { chainId, module } = readDeployment(deploymentFile);
writeFileSync(kitFile, offlineKit({ chainId, module: getAddress(module) }).html);
console.log(`${kitFile}: chain ${chainId}, session module ${module}`);
