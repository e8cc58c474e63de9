import type { Destination } from "../domain/emergency-transaction.js";
import generated from "../generated/emergency-page.json" with { type: "json" };

export interface EmergencyPage {
  readonly html: string;
  /** Content-Security-Policy of the page; the document carries it too, for where no header comes with it. */
  readonly policy: string;
}

type Place = Pick<Destination, "chainId" | "module">;

/** A data block is no script, but its end would be markup. */
const settingsText = (settings: object) => JSON.stringify(settings).replaceAll("<", "\\u003c");

function fill(connect: string, settings: object): EmergencyPage {
  const policy = generated.policy.replace("__CONNECT__", connect);
  const html = generated.html.replace("__POLICY__", () => policy).replace("__SETTINGS__", () => settingsText(settings));
  return { html, policy };
}

/** Lifeline's own page: it talks to lifeline and to nobody else. */
export function lifelinePage({ chainId, module }: Place): EmergencyPage {
  const { html, policy } = fill("'self'", { chainId, module, online: true, kit: "emergency-kit.html" });
  return { html, policy: `${policy}; frame-ancestors 'none'` };
}

/** The offline kit: one file for a disk, which talks to the chain nodes its user names. */
export function offlineKit({ chainId, module }: Place): EmergencyPage {
  return fill("http: https:", { chainId, module, online: false });
}
