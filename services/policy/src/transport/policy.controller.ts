import { Controller } from "@nestjs/common";
import { GrpcMethod } from "@nestjs/microservices";
import { Serves } from "#platform/degradation/serves.decorator.js";
import { Callers } from "#platform/service-auth/callers.decorator.js";
import type {
  DecideRequest,
  DecideResponse,
  ExplainRequest,
  ExplainResponse,
  LintRequest,
  LintResponse,
} from "#proto/interlock/policy/v1/policy.js";
import { lintReport } from "../application/lint-report.js";
import { PolicyDecisions } from "../application/policy-decisions.js";

@Controller()
export class PolicyController {
  constructor(private readonly decisions: PolicyDecisions) {}

  @GrpcMethod("PolicyService", "Decide")
  @Callers("permissions")
  @Serves("useOpen")
  decide(request: DecideRequest): Promise<DecideResponse> {
    return this.decisions.decide(request);
  }

  @GrpcMethod("PolicyService", "Explain")
  @Callers("permissions", "gateway")
  explain({ request }: ExplainRequest): ExplainResponse {
    return this.decisions.explain(request);
  }

  @GrpcMethod("PolicyService", "Lint")
  @Callers("permissions", "gateway")
  lint({ document }: LintRequest): LintResponse {
    return lintReport(document);
  }
}
