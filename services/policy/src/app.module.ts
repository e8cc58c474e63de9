import { type DynamicModule, Module } from "@nestjs/common";
import type { ConfigOf } from "#platform/config/variable.js";
import type { ServiceRuntime } from "#platform/runtime/service-runtime.js";
import { DocumentCache } from "./application/document-cache.js";
import { PolicyDecisions } from "./application/policy-decisions.js";
import type { policyConfig } from "./config.js";
import { PolicyController } from "./transport/policy.controller.js";

@Module({})
class PolicyModule {}

/** Policy as a whole: decisions over gRPC, nothing kept but compiled documents. */
export function policyModule({ config, clock, ids }: ServiceRuntime<ConfigOf<typeof policyConfig>>): DynamicModule {
  const documents = new DocumentCache(config.documentCacheSize);
  const decisions = new PolicyDecisions({ documents, clock, ids, key: config.ticketKey });
  return { module: PolicyModule, controllers: [PolicyController], providers: [{ provide: PolicyDecisions, useValue: decisions }] };
}
