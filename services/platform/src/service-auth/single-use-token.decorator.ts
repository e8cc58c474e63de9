import { SetMetadata } from "@nestjs/common";

export const SINGLE_USE_KEY = "interlock:single-use-token";

/** The token's jti is accepted once; callers ask their client for `{ freshToken: true }`. */
export const SingleUseToken = (): MethodDecorator & ClassDecorator => SetMetadata(SINGLE_USE_KEY, true);
