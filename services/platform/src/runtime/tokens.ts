/** Injection tokens of what the platform module provides to every service. */
export const RUNTIME = Symbol("interlock:runtime");
export const CLOCK = Symbol("interlock:clock");
export const IDS = Symbol("interlock:ids");
export const RANDOM = Symbol("interlock:random");
export const LOGGER = Symbol("interlock:logger");
export const CAPABILITIES = Symbol("interlock:capabilities");
export const METRICS = Symbol("interlock:metrics");
