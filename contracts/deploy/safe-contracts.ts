import type { Address } from "viem";

/** The contracts of Safe 1.4.1 that a stack needs. */
export interface SafeContracts {
  readonly safeSingleton: Address;
  readonly safeProxyFactory: Address;
  readonly compatibilityFallbackHandler: Address;
  readonly multiSend: Address;
  readonly multiSendCallOnly: Address;
  readonly signMessageLib: Address;
}

/** Where Safe 1.4.1 stands on every chain that has it (github.com/safe-global/safe-deployments, v1.4.1). */
export const SAFE_1_4_1: SafeContracts = {
  safeSingleton: "0x41675C099F32341bf84BFc5382aF534df5C7461a",
  safeProxyFactory: "0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67",
  compatibilityFallbackHandler: "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99",
  multiSend: "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526",
  multiSendCallOnly: "0x9641d764fc13c8B624c04430C7356C1C7C8102e2",
  signMessageLib: "0xd53cd0aB83D845Ac265BE939c57F53AD838012c9",
};
