import { cellsOf, levelOf } from "../degradation/ladder.js";
import { InterlockError } from "../errors/interlock-error.js";
import type { Clock } from "../kernel/clock.js";
import { CONDITIONS, type Condition } from "./condition.js";

export interface CapabilityDefinition {
  /** Conditions that take this capability down. */
  readonly downWhen: readonly Condition[];
  /** Names of dependencies it cannot do without. */
  readonly needs?: readonly string[];
}

export interface ActiveCondition {
  readonly condition: Condition;
  /** ISO time it began. */
  readonly since: string;
  readonly reasons: readonly string[];
}

export interface CapabilityStatus {
  readonly name: string;
  readonly available: boolean;
  readonly because: readonly string[];
}

export interface DependencyStatus {
  readonly name: string;
  readonly up: boolean;
  readonly since: string;
  readonly condition?: Condition;
  readonly reason?: string;
}

export interface StatusReport {
  readonly service: string;
  /** Highest rung of the ladder the conditions stand on. */
  readonly level: string;
  /** The ladder's row for these conditions: how each capability is served. */
  readonly cells: Readonly<Record<string, string>>;
  readonly conditions: readonly ActiveCondition[];
  readonly capabilities: readonly CapabilityStatus[];
  readonly dependencies: readonly DependencyStatus[];
}

/**
 * What this process can do right now, from what it sees itself: a pure function of the conditions and dependencies reported to it.
 * Sources raise conditions independently; a condition holds as long as one source holds it.
 */
export class CapabilityRegistry {
  private readonly raised = new Map<Condition, Map<string, { readonly since: string; readonly reason: string }>>();
  private readonly dependencies = new Map<string, DependencyStatus>();
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly service: string,
    private readonly definitions: Readonly<Record<string, CapabilityDefinition>>,
    private readonly clock: Clock,
  ) {}

  /** Raises `condition` on behalf of `source`; `reason` is for people and carries no secrets. */
  raise(condition: Condition, source: string, reason: string): void {
    const sources = this.raised.get(condition) ?? new Map<string, { since: string; reason: string }>();
    const since = sources.get(source)?.since ?? this.clock.now().toISOString();
    sources.set(source, { since, reason });
    this.raised.set(condition, sources);
    this.changed();
  }

  /** Takes back what `source` raised. */
  clear(condition: Condition, source: string): void {
    const sources = this.raised.get(condition);
    if (sources === undefined || !sources.delete(source)) return;
    if (sources.size === 0) this.raised.delete(condition);
    this.changed();
  }

  /** Reports a dependency; with a `condition`, that condition follows it. */
  reportDependency(report: {
    readonly name: string;
    readonly up: boolean;
    readonly condition?: Condition;
    readonly reason?: string;
  }): void {
    const before = this.dependencies.get(report.name);
    const since = before?.up === report.up ? before.since : this.clock.now().toISOString();
    this.dependencies.set(report.name, { ...report, since });
    if (report.condition !== undefined) {
      if (report.up) this.clear(report.condition, report.name);
      else this.raise(report.condition, report.name, report.reason ?? `${report.name} is away`);
    }
    if (before?.up !== report.up) this.changed();
  }

  /** Conditions that hold, in the order of the ladder. */
  conditions(): readonly ActiveCondition[] {
    return CONDITIONS.flatMap((condition) => {
      const sources = this.raised.get(condition);
      if (sources === undefined) return [];
      const entries = [...sources.values()];
      const since = entries.map((entry) => entry.since).sort()[0] ?? this.clock.now().toISOString();
      return [{ condition, since, reasons: entries.map((entry) => entry.reason) }];
    });
  }

  /** The conditions that hold, as a set of their own. */
  held(): ReadonlySet<Condition> {
    return new Set(this.raised.keys());
  }

  /** True while `condition` holds. */
  holds(condition: Condition): boolean {
    return this.raised.has(condition);
  }

  /** True when nothing that takes the capability down is the case; false for an unknown name. */
  isAvailable(capability: string): boolean {
    return this.definitions[capability] !== undefined && this.causes(capability).length === 0;
  }

  /** @throws InterlockError CONDITION naming what is down, when the capability is not available. */
  assertAvailable(capability: string): void {
    if (this.isAvailable(capability)) return;
    const because = this.causes(capability);
    throw new InterlockError("CONDITION", `${capability} is not possible now: ${because.join(", ") || "unknown capability"}`, {
      details: { capability, conditions: because },
    });
  }

  /** Names of the declared capabilities. */
  names(): readonly string[] {
    return Object.keys(this.definitions);
  }

  /** Everything /status shows. */
  status(): StatusReport {
    return {
      service: this.service,
      level: levelOf(this.held()),
      cells: cellsOf(this.held()),
      conditions: this.conditions(),
      capabilities: this.names().map((name) => ({ name, available: this.isAvailable(name), because: this.causes(name) })),
      dependencies: [...this.dependencies.values()],
    };
  }

  /** Calls `listener` after every change; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private causes(capability: string): readonly string[] {
    const definition = this.definitions[capability];
    if (definition === undefined) return [];
    const conditions = definition.downWhen.filter((condition) => this.raised.has(condition));
    const missing = (definition.needs ?? []).filter((name) => this.dependencies.get(name)?.up !== true);
    return [...conditions, ...missing];
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
