import { SetMetadata } from "@nestjs/common";
import type { LadderCapability } from "./ladder.js";

export const SERVES_KEY = "interlock:serves";

/** The capability of the ladder that this RPC (or every RPC of this controller) is part of: refused while the ladder refuses that. */
export const Serves = (capability: LadderCapability): MethodDecorator & ClassDecorator => SetMetadata(SERVES_KEY, capability);
