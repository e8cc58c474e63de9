import { Agent, get } from "node:http";

/**
 * Asks FLOOD_URL FLOOD_RATE times a second, whether it answers or not; at rate 0 as fast as sixteen callers can. Says once a second how
 * many were answered. FLOOD_TOKEN is its bearer token, if it has one. Runs until it is killed.
 */
const url = process.env.FLOOD_URL ?? "";
const rate = Number(process.env.FLOOD_RATE ?? 0);
const token = process.env.FLOOD_TOKEN;
const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
const MOST_OPEN = 1_000;
const CALLERS = 16;
const agent = new Agent({ keepAlive: true, maxSockets: MOST_OPEN });
let [open, answered, failed, shed] = [0, 0, 0, 0];

function ask(then: () => void): void {
  open += 1;
  const over = (well: boolean) => {
    open -= 1;
    if (well) answered += 1;
    else failed += 1;
    then();
  };
  const request = get(url, { agent, headers, timeout: 10_000 }, (response) => response.resume().once("end", () => over(true)));
  request.once("timeout", () => request.destroy(new Error("timeout"))).once("error", () => over(false));
}

function again(): void {
  ask(again);
}

if (rate === 0) for (let i = 0; i < CALLERS; i += 1) again();
else {
  const began = performance.now();
  let asked = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1_000) * rate);
    for (; asked < due; asked += 1) {
      if (open < MOST_OPEN) ask(() => undefined);
      else shed += 1;
    }
  }, 5);
}
setInterval(() => {
  console.log(JSON.stringify({ answered, failed, shed }));
  [answered, failed, shed] = [0, 0, 0];
}, 1_000);
