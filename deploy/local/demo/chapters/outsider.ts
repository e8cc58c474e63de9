import { hold, made, type Story } from "../story.js";

/** What the outside consumer can say of the whole story. */
export async function outsider(story: Story): Promise<void> {
  story.narrator.chapter("The outsider");
  await story.narrator.step("audit_gapless", "An outside program read every event, in order, with no gap", async () => {
    const reader = made(story.outsider, "the outsider");
    await reader.settle();
    const faults = reader.faults();
    hold(faults.length === 0, faults.slice(0, 3).join("; "));
    const producers = new Set(reader.events.map(({ source }) => source).filter((source) => source !== ""));
    const last = reader.events.at(-1);
    return { seen: `${reader.events.length} events of ${producers.size} producers`, position: String(last?.logIndex ?? 0) };
  });
}
