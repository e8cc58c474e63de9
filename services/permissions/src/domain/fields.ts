import { z } from "zod";

/** Unsigned integer as decimal text, at most a uint256. */
export const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/);
/** Address, lower case: events hold one spelling so that equal facts are equal bytes. */
export const address = z.string().regex(/^0x[0-9a-f]{40}$/);
/** 32 bytes as lower-case hex. */
export const bytes32 = z.string().regex(/^0x[0-9a-f]{64}$/);
/** Unix seconds. */
export const seconds = z.int().nonnegative();

/** What every event of a session names. */
export const subject = { sessionId: z.uuid(), account: address, chainId: decimal };
