/** A transaction the owner needs: to the session module, with nothing but calldata in it. */
export interface EmergencyCall {
  readonly action: Action;
  readonly to: string;
  readonly data: string;
}

/** In the order they are sent: an agent that still runs must not open again what is being closed. */
export const ACTIONS = ["disarm_all", "close_all"] as const;
export type Action = (typeof ACTIONS)[number];

/** Function and selector of each; a test holds them against the module's ABI. */
const FUNCTIONS = {
  close_all: { name: "emergencyCloseAll", selector: "0x7dd0db1b" },
  disarm_all: { name: "disarmAll", selector: "0x5c74123a" },
} as const;

/** True for 20 bytes of hex. */
export const isAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text);

/** Calldata of `action` for `account`, made here: it needs no server and no chain. */
export function emergencyCall(action: Action, account: string, module: string): EmergencyCall {
  return { action, to: module, data: FUNCTIONS[action].selector + account.slice(2).toLowerCase().padStart(64, "0") };
}

/** The same as a link that wallet apps read from a QR code (EIP-681). */
export function walletLink(action: Action, account: string, module: string, chainId: number): string {
  return `ethereum:${module}@${chainId}/${FUNCTIONS[action].name}?address=${account}`;
}

/** `isOwner(address)` of a Safe. */
export const isOwnerData = (owner: string): string => `0x2f54bf6e${owner.slice(2).toLowerCase().padStart(64, "0")}`;
