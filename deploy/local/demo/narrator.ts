import type { ResultRow } from "../results/result-file.js";

/** What a step can show for itself. */
export interface StepFacts {
  /** One line for a person: what was seen. */
  readonly seen: string;
  /** Position of the step's event in the audit stream. */
  readonly position?: string;
  readonly transaction?: string;
}

interface Told {
  readonly name: string;
  readonly title: string;
  readonly held: boolean;
  readonly seconds: number;
  readonly facts: StepFacts | undefined;
}

const paint = (code: number, text: string) => (process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
const seconds = (value: number) => `${value.toFixed(1).padStart(5)} s`;

/** Tells the story step by step, and keeps what it needs for the summary. */
export class Narrator {
  private readonly told: Told[] = [];
  private readonly began = performance.now();

  /** A new part of the story. */
  chapter(title: string): void {
    console.log(`\n${paint(1, title)}`);
  }

  /** A line that belongs to the step before. */
  say(text: string): void {
    for (const line of text.split("\n")) console.log(`            ${paint(2, line)}`);
  }

  /**
   * Runs one step and says how it went.
   * @param name stable name for the result file
   * @throws whatever the step throws, after it was told as failed
   */
  async step(name: string, title: string, work: () => Promise<StepFacts>): Promise<void> {
    const start = performance.now();
    try {
      const facts = await work();
      this.tell({ name, title, held: true, seconds: (performance.now() - start) / 1000, facts });
    } catch (error) {
      this.tell({ name, title, held: false, seconds: (performance.now() - start) / 1000, facts: undefined });
      throw error;
    }
  }

  /** The table at the end. */
  summary(): void {
    this.chapter("Summary");
    for (const { held, title, seconds: took } of this.told) console.log(`  ${mark(held)} ${seconds(took)}  ${title}`);
    const held = this.told.filter((step) => step.held).length;
    console.log(`\n  ${held} of ${this.told.length} steps held, ${seconds(this.totalSeconds()).trim()} in all`);
  }

  /** Rows for the result file: the steps in order, then the whole time. */
  rows(): readonly ResultRow[] {
    const steps = this.told.map(({ name, held, title, facts }) => ({
      name,
      value: held ? 1 : 0,
      unit: "held",
      note: facts?.seen ?? title,
    }));
    return [...steps, { name: "total_seconds", value: Number(this.totalSeconds().toFixed(1)), unit: "s" }];
  }

  private totalSeconds(): number {
    return (performance.now() - this.began) / 1000;
  }

  private tell(step: Told): void {
    this.told.push(step);
    console.log(`  ${mark(step.held)} ${seconds(step.seconds)}  ${step.title}`);
    if (step.facts === undefined) return;
    this.say(step.facts.seen);
    const where = [
      ...(step.facts.position === undefined ? [] : [`event #${step.facts.position}`]),
      ...(step.facts.transaction === undefined ? [] : [`tx ${step.facts.transaction}`]),
    ];
    if (where.length > 0) this.say(where.join("  "));
  }
}

const mark = (held: boolean) => (held ? paint(32, "✔") : paint(31, "✘"));
