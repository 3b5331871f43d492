import { isDeepStrictEqual } from "node:util";
import type { Sandbox } from "../sandbox";
import { ServiceError } from "../types";
import { BadLine } from "./bad-line";
import { Changes } from "./changes";
import { Journal, type SaveBeside } from "./journal";
import type { Action, LineFault, LinePress } from "./lines";
import { parseLogLine } from "./log-lines";
import { messageOf, objectOf } from "./message";
import { notBefore, type ReplayLine, withAnswers } from "./parse";
import { NoButton, Presses } from "./presses";
import type { Report } from "./report";
import { undo } from "./undoing";

/** Plays lines in a sandbox, one after the other, and writes down what comes of them. */
export class Replay {
  readonly journal: Journal;
  readonly presses: Presses;
  readonly changes: Changes;
  readonly #answers: Record<string, unknown> = {};

  constructor(private readonly sandbox: Sandbox) {
    const { cloud, runtime } = sandbox;
    this.journal = new Journal((id) => runtime.entryOf(id));
    this.presses = new Presses({ runtime, shown: () => this.journal.shown, signingSecret: () => sandbox.signingSecret() });
    const buckets = new Set(
      sandbox.deployment.resources.filter(({ type }) => type === "aws:s3/bucket:Bucket").map(({ outputs }) => String(outputs.bucket)),
    );
    this.changes = new Changes((name) => buckets.has(name));
    runtime.listen({
      matched: (eventId, rule) => this.journal.matched(eventId, rule),
      log: (line) => {
        const said = parseLogLine(line.text);
        if (said?.kind === "press") {
          this.presses.log(said, line.trace);
        } else if (said?.kind === "change") {
          this.changes.log(said, line.trace);
        } else {
          this.journal.log(line);
        }
      },
      deadLetter: (letter) => this.journal.deadLetter(letter),
      execution: (execution) => this.journal.execution(execution),
    });
    sandbox.outside.onTaken((taken, trace) => {
      this.journal.taken(runtime.now(), runtime.causeOf(trace), taken);
      this.presses.taken(taken);
    });
    cloud.observe((observed) => {
      this.changes.observed(runtime.now(), observed);
      const message = messageOf(observed);
      if (message) {
        this.journal.sent(runtime.now(), runtime.causeOf(observed.call.trace), message);
      }
      const object = objectOf(observed);
      if (object) {
        this.journal.stored(object);
      }
    });
  }

  /** Checks what only the deployed stack can tell of the lines, before the first one is played. @throws BadLine */
  check(lines: readonly ReplayLine[]): void {
    const { schedules } = this.sandbox.runtime;
    for (const { file, number, content } of lines) {
      if (content.action.kind === "run" && !schedules.includes(content.action.schedule)) {
        throw new BadLine(file, number, `unknown schedule "${content.action.schedule}"; schedules of this stack: ${schedules.join(", ")}`);
      }
    }
  }

  /** Plays a line until all is quiet. @throws BadLine if its time is past by now, or if an answer lacks what it names. */
  async play(line: ReplayLine): Promise<void> {
    const { runtime } = this.sandbox;
    this.journal.begin(line.number);
    const { at, action } = withAnswers(line, this.#answers);
    if (at !== undefined) {
      await runtime.advanceTo(notBefore(at, runtime.now(), line.file, line.number));
    }
    await this.#act(action, line);
    await runtime.quiet();
    await runtime.settle();
    this.journal.end();
  }

  async #act(action: Action, line: ReplayLine): Promise<void> {
    const { cloud, runtime } = this.sandbox;
    switch (action.kind) {
      case "at":
        return;
      case "events":
        for (const event of action.events) {
          this.journal.entry(runtime.serviceEvent(action.place, event));
        }
        return;
      case "securityHub":
        return this.#refusable(line, () => this.sandbox.importFindings(action.findings, (id) => this.journal.entry(id)));
      case "putEvents":
        for (const id of await runtime.putEvents(action.place, action.bus, action.entries)) {
          this.journal.entry(id);
        }
        return;
      case "advance":
        return runtime.advanceTo(runtime.now() + action.milliseconds);
      case "run":
        return this.#refusable(line, () => runtime.runSchedule(action.schedule));
      case "fault":
        return cloud.fault(faultAt(action.fault, runtime.now()));
      case "press":
        return this.#pressed(line, action.press);
      case "undo":
        return this.#undone(action, line);
      case "aws": {
        const answer = await this.#answer(action);
        if (action.as !== undefined) {
          this.#answers[action.as] = answer;
        }
        return;
      }
    }
  }

  async #pressed(line: ReplayLine, press: LinePress): Promise<void> {
    try {
      await this.presses.press(line.number, press);
    } catch (error) {
      throw error instanceof NoButton ? new BadLine(line.file, line.number, error.message) : error;
    }
  }

  async #undone({ id, as }: Extract<Action, { kind: "undo" }>, line: ReplayLine): Promise<void> {
    const told: unknown[] = [];
    for (const one of id === null ? this.changes.undoable : [id]) {
      try {
        told.push(await undo(this.sandbox, one));
      } catch (error) {
        const { name: code, message } = error as Error;
        if (code === "ResourceNotFoundException") {
          throw new BadLine(line.file, line.number, `this stack has nothing that could undo a change: ${message}`);
        }
        told.push({ error: { code, message } });
      }
    }
    if (as !== undefined) {
      this.#answers[as] = id === null ? told : told[0];
    }
  }

  /** What AWS refuses outright cannot have been meant: the line is bad. */
  async #refusable(line: ReplayLine, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof ServiceError) {
        throw new BadLine(line.file, line.number, `${error.code}: ${error.message}`);
      }
      throw error;
    }
  }

  async #answer({ place, service, operation, input }: Extract<Action, { kind: "aws" }>): Promise<unknown> {
    try {
      return await this.sandbox.cloud.call(place, service, operation, input);
    } catch (error) {
      if (error instanceof ServiceError) {
        return { error: { code: error.code, message: error.message } };
      }
      throw error;
    }
  }

  /** @param save where attachments of deliveries and objects go; without it they are left out. */
  report(save?: SaveBeside): Report {
    const { cloud, runtime } = this.sandbox;
    return {
      events: this.journal.events,
      deliveries: this.journal.deliveries(save),
      changes: this.changes.entries,
      presses: this.presses.entries,
      answers: this.#answers,
      objects: this.journal.objects(save),
      incidents: [],
      deadLetters: this.journal.deadLetters,
      denied: cloud.denied.filter((one, index, all) => all.findIndex((other) => isDeepStrictEqual(one, other)) === index),
      executions: this.journal.executions,
      alarms: runtime.alarms(),
      counters: { aws: { ...cloud.counters }, ...runtime.counters },
    };
  }
}

const faultAt = ({ forMilliseconds, ...fault }: LineFault, now: number) =>
  forMilliseconds === undefined ? fault : { ...fault, until: now + forMilliseconds };
