import { Controller, Module } from "@nestjs/common";
import {
  type DecideRequest,
  type DecideResponse,
  type ExplainRequest,
  type ExplainResponse,
  type LintRequest,
  type LintResponse,
  type PolicyServiceController,
  PolicyServiceControllerMethods,
} from "#proto/interlock/policy/v1/policy.js";
import { Callers } from "../../services/platform/src/service-auth/callers.decorator.js";
import { NeedsActor } from "../../services/platform/src/service-auth/needs-actor.decorator.js";
import { SingleUseToken } from "../../services/platform/src/service-auth/single-use-token.decorator.js";

/** What the double does; a test replaces it. */
export interface PolicyBehaviour {
  decide(request: DecideRequest): Promise<DecideResponse>;
  lint(request: LintRequest): Promise<LintResponse>;
}

/** An answer of `Lint` with nothing in it but `canonical`. */
export const lintAnswer = (canonical: string): LintResponse => ({ canonical, policyHash: "", summary: "", problems: [], warnings: [] });

/** A request of `Decide` with nothing in it but the document. */
export const decideRequest = (document: string): DecideRequest => ({
  executionId: "",
  sessionId: "",
  document,
  policy: undefined,
  intent: undefined,
  usage: undefined,
  at: "0",
  conditions: [],
});

/**
 * A Nest module that offers policy's RPCs for tests of the platform kit: `decide` to permissions with a single-use token, `explain` to
 * nobody (it names no callers), `lint` to gateway and permissions on behalf of an owner.
 */
export function policyDouble(behaviour: PolicyBehaviour): new () => object {
  @Controller()
  @PolicyServiceControllerMethods()
  class DoubleController implements PolicyServiceController {
    @Callers("permissions")
    @SingleUseToken()
    decide(request: DecideRequest): Promise<DecideResponse> {
      return behaviour.decide(request);
    }

    explain(_request: ExplainRequest): Promise<ExplainResponse> {
      return Promise.resolve({ record: undefined });
    }

    @Callers("gateway", "permissions")
    @NeedsActor("owner")
    lint(request: LintRequest): Promise<LintResponse> {
      return behaviour.lint(request);
    }
  }

  @Module({ controllers: [DoubleController] })
  class DoubleModule {}
  return DoubleModule;
}
