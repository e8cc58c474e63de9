import { ACTIONS, type Action, emergencyCall, walletLink } from "./calls.js";
import { copyButton, element, make } from "./elements.js";
import { qrCode } from "./qr.js";
import type { Settings } from "./settings.js";

const TITLES: Readonly<Record<Action, string>> = { disarm_all: "Stop every session", close_all: "Close every position" };

/** Everything needed to do it from another wallet, by text and by QR code. Made without any network. */
export function showByHand(account: string, { module, chainId }: Settings): void {
  const cards = ACTIONS.map((action) => {
    const { data } = emergencyCall(action, account, module);
    const card = make("article", "", "card");
    const details = make("dl");
    for (const [name, value] of [
      ["Chain", String(chainId)],
      ["To", module],
      ["Value", "0"],
      ["Data", data],
    ] as const) {
      const code = make("code", value);
      if (name === "Data") code.dataset.calldata = action;
      const definition = make("dd");
      definition.append(code);
      details.append(make("dt", name), definition);
    }
    card.append(
      make("h3", TITLES[action]),
      qrCode(walletLink(action, account, module, chainId), `QR code for a wallet app: ${TITLES[action]}`),
    );
    card.append(details, copyButton(data, "the data"));
    return card;
  });
  element("by-hand-cards", HTMLElement).replaceChildren(...cards);
}
