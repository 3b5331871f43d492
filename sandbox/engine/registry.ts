import type { GraphResource } from "../types";
import type { PropertyPath } from "./properties";

/** A resource of the graph, and which of its inputs are secret. */
export interface ProgramResource extends GraphResource {
  /** Where the inputs hold secrets; the values themselves are plain. */
  readonly secrets: readonly PropertyPath[];
}

/** The resources of a run, in the order in which the program registered them. */
export class Registry {
  readonly #slots: (ProgramResource | undefined)[] = [];
  readonly #slotOf = new Map<string, number>();

  /** Keeps the place of a resource that is being registered. A second one of the same URN is refused. */
  reserve(urn: string): void {
    if (this.#slotOf.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.#slotOf.set(urn, this.#slots.push(undefined) - 1);
  }

  /** Sets, or replaces, a resource whose place was kept. */
  set(resource: ProgramResource): void {
    const slot = this.#slotOf.get(resource.urn);
    if (slot === undefined) throw new Error(`The resource ${resource.urn} was never registered.`);
    this.#slots[slot] = resource;
  }

  get(urn: string): ProgramResource | undefined {
    const slot = this.#slotOf.get(urn);
    return slot === undefined ? undefined : this.#slots[slot];
  }

  /** All resources whose registration is complete. */
  get resources(): readonly ProgramResource[] {
    return this.#slots.filter((resource) => resource !== undefined);
  }
}
