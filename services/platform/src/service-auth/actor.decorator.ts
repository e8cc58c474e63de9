import { createParamDecorator } from "@nestjs/common";
import { requireActor } from "../grpc/request-context.js";

/** Parameter decorator: the verified principal of the call. Where the generated interface leaves no room for it, call `requireActor()`. */
export const CurrentActor = createParamDecorator(() => requireActor());
