import { type ServiceAnswer, type ServiceCall, ServiceError } from "../../types";
import type { EventBuses } from "./buses";
import { busArn, type Rule, type Target } from "./rules";

const ruleAnswer = ({ name, arn, busArn: bus, enabled, eventPattern }: Rule) => ({
  Name: name,
  Arn: arn,
  State: enabled ? "ENABLED" : "DISABLED",
  EventBusName: bus.split("/").at(-1),
  ...(eventPattern !== undefined && { EventPattern: eventPattern }),
});

const targetAnswer = ({ id, arn, roleArn, deadLetterArn }: Target) => ({
  Id: id,
  Arn: arn,
  ...(roleArn !== undefined && { RoleArn: roleArn }),
  ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
});

/** Looks at recorded rules and breaks them, as somebody with access to the account could. Rules that are not recorded are left to the emulator. */
export class RulesApi {
  constructor(private readonly buses: EventBuses) {}

  answer(call: ServiceCall): ServiceAnswer | undefined {
    const { input, operation } = call;
    const bus = busArn(call, typeof input.EventBusName === "string" ? input.EventBusName : undefined);
    const here = this.buses.rules.filter((rule) => rule.busArn === bus);
    if (operation === "ListRules") {
      const prefix = typeof input.NamePrefix === "string" ? input.NamePrefix : "";
      return { body: { Rules: here.filter(({ name }) => name.startsWith(prefix)).map(ruleAnswer) } };
    }
    const rule = here.find(({ name }) => name === (input.Name ?? input.Rule));
    if (rule === undefined) {
      return undefined;
    }
    const change = (changed: (rule: Rule) => Rule | undefined): ServiceAnswer => {
      this.buses.change(rule.arn, changed);
      return { body: {} };
    };
    switch (operation) {
      case "DescribeRule":
        return { body: ruleAnswer(rule) };
      case "ListTargetsByRule":
        return { body: { Targets: rule.targets.map(targetAnswer) } };
      case "DisableRule":
        return change((one) => ({ ...one, enabled: false }));
      case "EnableRule":
        return change((one) => ({ ...one, enabled: true }));
      case "RemoveTargets": {
        const ids = Array.isArray(input.Ids) ? input.Ids : [];
        this.buses.change(rule.arn, (one) => ({ ...one, targets: one.targets.filter(({ id }) => !ids.includes(id)) }));
        return { body: { FailedEntryCount: 0, FailedEntries: [] } };
      }
      case "DeleteRule":
        if (rule.targets.length > 0) {
          throw new ServiceError("ValidationException", "Rule can't be deleted since it has targets.");
        }
        return change(() => undefined);
      default:
        return undefined;
    }
  }
}
