import { SetMetadata } from "@nestjs/common";
import type { ServiceName } from "./service-names.js";

export const CALLERS_KEY = "interlock:callers";

/** Services that may call this RPC (or every RPC of this controller). Without it an RPC is refused to everybody. */
export const Callers = (...callers: readonly ServiceName[]): MethodDecorator & ClassDecorator => SetMetadata(CALLERS_KEY, callers);
