import "reflect-metadata";
import { runService } from "#platform/runtime/run-service.js";
import { policyService } from "./service.js";

await runService(policyService);
