import "reflect-metadata";
import { runService } from "#platform/runtime/run-service.js";
import { service } from "./service.js";

await runService(service);
