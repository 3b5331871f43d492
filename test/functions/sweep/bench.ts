import type { GuardSettings } from "../../../functions/guard/settings";
import type { SweptPlace } from "../../../functions/sweep/place";
import { SECOND_LOOK, Sweeping } from "../../../functions/sweep/sweeping";
import { ACCOUNT, GuardBench, guardSettings, REGION } from "../../support/guard";

/** The sweep of one account and Region beside the guard, with the queue between its looks in memory. */
export class SweepBench extends GuardBench {
  /** Looks that are to come. */
  readonly queue: { readonly place: SweptPlace; readonly seconds: number }[] = [];
  readonly sessions: (string | undefined)[] = [];
  /** Starts of workflows, also of those that run already. */
  readonly starts: string[] = [];
  start: (name: string) => void = () => undefined;
  readonly sweeping: Sweeping;

  constructor(settings: GuardSettings = guardSettings()) {
    super(settings);
    this.sweeping = new Sweeping({
      settings,
      table: this.table,
      members: async (_account, _region, session) => {
        this.sessions.push(session);
        this.reach();
        return this.ec2.client("tocsin");
      },
      start: async (name, input) => {
        this.start(name);
        this.starts.push(name);
        if (!this.executions.has(name)) this.executions.set(name, input);
      },
      again: async (place, seconds) => void this.queue.push({ place, seconds }),
      now: () => this.now,
      log: (entry) => void this.logged.push(entry),
    });
  }

  /** What the hourly plan sends. */
  place(overrides: Partial<SweptPlace> = {}): SweptPlace {
    return { accountId: ACCOUNT, region: REGION, planned: new Date(this.now).toISOString(), ...overrides };
  }

  /** A sweep's first look. */
  look(overrides: Partial<SweptPlace> = {}): Promise<boolean> {
    return this.sweeping.run(this.place(overrides));
  }

  /** The second look, when it is time for it; false if there is none. */
  async lookAgain(): Promise<boolean> {
    const next = this.queue.shift();
    if (next !== undefined) this.now += next.seconds * 1000;
    return next !== undefined && (await this.sweeping.run(next.place));
  }

  /** Both looks. */
  async sweep(): Promise<void> {
    await this.look();
    await this.lookAgain();
  }

  /** An hour passes. */
  hourPasses(): void {
    this.now += 3_600_000 - SECOND_LOOK * 1000;
  }

  /** Changes that the sweep found, in their order. */
  get found(): Record<string, unknown>[] {
    return this.logged.filter(({ kind }) => kind === "found");
  }

  /** Requests since the last time this was asked: to EC2, and to the table. */
  requests(): { readonly ec2: string[]; readonly table: string[] } {
    return { ec2: this.ec2.requests.splice(0), table: this.stored.memory.requests.splice(0) };
  }
}
