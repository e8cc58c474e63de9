import type { CanActivate, ExecutionContext } from "@nestjs/common";
import type { CapabilityRegistry } from "../health/capability-registry.js";
import { isLadderCapability } from "./ladder.js";
import { requireCell } from "./require-cell.js";
import { SERVES_KEY } from "./serves.decorator.js";

/** In front of every RPC: what the ladder refuses under the conditions this process sees is refused here, before anything is done. */
export class DegradationGuard implements CanActivate {
  constructor(private readonly capabilities: Pick<CapabilityRegistry, "held">) {}

  canActivate(execution: ExecutionContext): boolean {
    const capability: unknown =
      Reflect.getMetadata(SERVES_KEY, execution.getHandler()) ?? Reflect.getMetadata(SERVES_KEY, execution.getClass());
    if (isLadderCapability(capability)) requireCell(capability, this.capabilities.held());
    return true;
  }
}
