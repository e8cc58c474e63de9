import { z } from "zod";

const report = z.object({
  service: z.string(),
  conditions: z.array(z.object({ condition: z.string(), since: z.string(), reasons: z.array(z.string()) })),
  capabilities: z.array(z.object({ name: z.string(), available: z.boolean(), because: z.array(z.string()) })),
});

/** What one service says of itself, or that it says nothing. */
export interface ServiceReport {
  readonly name: string;
  readonly reachable: boolean;
  readonly conditions: readonly { readonly condition: string; readonly since: string; readonly reasons: readonly string[] }[];
  readonly capabilities: readonly { readonly name: string; readonly available: boolean; readonly because: readonly string[] }[];
}

/** Asks a service for its /status. */
export type FetchStatus = (url: string) => Promise<unknown>;

/** The state of this process, and of every other service as of the last round of questions: a status page must answer while everything it shows is down. */
export class ServiceStatus {
  private reports: readonly ServiceReport[];

  /** @param own what this process says of itself */
  constructor(
    private readonly services: readonly { readonly name: string; readonly url: string }[],
    private readonly fetchStatus: FetchStatus,
    private readonly own: () => unknown,
  ) {
    this.reports = services.map(({ name }) => unreachable(name));
  }

  /** Asks every service once; never throws. */
  async refresh(): Promise<void> {
    this.reports = await Promise.all(this.services.map(({ name, url }) => this.ask(name, url)));
  }

  current(): readonly ServiceReport[] {
    return [reported("gateway", this.own()), ...this.reports];
  }

  private async ask(name: string, url: string): Promise<ServiceReport> {
    try {
      return reported(name, await this.fetchStatus(url));
    } catch {
      return unreachable(name);
    }
  }
}

function reported(name: string, answer: unknown): ServiceReport {
  const { conditions, capabilities } = report.parse(answer);
  return { name, reachable: true, conditions, capabilities };
}

const unreachable = (name: string): ServiceReport => ({ name, reachable: false, conditions: [], capabilities: [] });
