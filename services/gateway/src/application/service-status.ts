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

/** The state of every service as of the last round of questions: a status page must answer while everything it shows is down. */
export class ServiceStatus {
  private reports: readonly ServiceReport[];

  constructor(
    private readonly services: readonly { readonly name: string; readonly url: string }[],
    private readonly fetchStatus: FetchStatus,
  ) {
    this.reports = services.map(({ name }) => unreachable(name));
  }

  /** Asks every service once; never throws. */
  async refresh(): Promise<void> {
    this.reports = await Promise.all(this.services.map(({ name, url }) => this.ask(name, url)));
  }

  current(): readonly ServiceReport[] {
    return this.reports;
  }

  private async ask(name: string, url: string): Promise<ServiceReport> {
    try {
      const { conditions, capabilities } = report.parse(await this.fetchStatus(url));
      return { name, reachable: true, conditions, capabilities };
    } catch {
      return unreachable(name);
    }
  }
}

const unreachable = (name: string): ServiceReport => ({ name, reachable: false, conditions: [], capabilities: [] });
