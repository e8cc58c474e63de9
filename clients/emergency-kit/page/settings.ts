/** What the page was made with. */
export interface Settings {
  readonly chainId: number;
  readonly module: string;
  /** True on lifeline's own page, whose API is at the same address; false in the offline kit, which asks chain nodes itself. */
  readonly online: boolean;
  /** Where the offline kit may be asked for; absent in the kit. */
  readonly kit?: string;
}

/** Reads the page's data block. @throws Error when somebody broke it */
export function readSettings(): Settings {
  const value: unknown = JSON.parse(document.getElementById("settings")?.textContent ?? "{}");
  if (typeof value !== "object" || value === null || !("chainId" in value) || !("module" in value))
    throw new Error("the page has no settings");
  const kit = "kit" in value && typeof value.kit === "string" ? { kit: value.kit } : {};
  return { chainId: Number(value.chainId), module: String(value.module), online: "online" in value && value.online === true, ...kit };
}
