import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from "@microsoft/signalr";
import type { Point } from "./series";

// Live points of several runs over one connection, taken up again where it broke.

const retries = [0, 500, 1000, 2000, 5000];

export type Connection = "connecting" | "reconnecting" | "live";

export class HubFeed {
  private readonly connection: HubConnection;
  private disposed = false;

  /** @param next gives the sequence number to ask for of each run. */
  constructor(private readonly next: ReadonlyMap<string, () => number>, take: (runId: string, points: Point[]) => void, private readonly say: (state: Connection) => void) {
    this.connection = new HubConnectionBuilder()
      .withUrl("/hubs/runs")
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: retry => retries[retry.previousRetryCount] ?? 5000 })
      .configureLogging(LogLevel.None)
      .build();
    this.connection.on("Metrics", take);
    // Said by the hub for everyone; the page around shows them.
    for (const name of ["Status", "Log", "Problem"]) this.connection.on(name, () => {});
    this.connection.onreconnecting(() => say("reconnecting"));
    // A subscription that fails with its connection is made again when that is back.
    this.connection.onreconnected(() => this.subscribe().catch(() => say("reconnecting")));
  }

  async start(attempt = 0): Promise<void> {
    if (this.disposed) return;
    this.say("connecting");
    try {
      await this.connection.start();
      await this.subscribe();
    } catch {
      // The first connection is not retried by SignalR itself.
      if (!this.disposed) setTimeout(() => void this.start(attempt + 1), retries[attempt + 1] ?? 5000);
    }
  }

  stop(): void {
    this.disposed = true;
    this.connection.stop().catch(() => { /* it was down already */ });
  }

  private async subscribe(): Promise<void> {
    if (this.disposed || this.connection.state !== HubConnectionState.Connected) return;
    for (const [runId, next] of this.next) await this.connection.send("Subscribe", runId, next());
    this.say("live");
  }
}
