import assert from "node:assert/strict";
import { memberSide } from "../../../components/forwarding/member-side";
import { stackSetTemplate, TEMPLATE_LIMIT } from "../../../components/forwarding/stackset-template";
import { SECURITY_GROUP_CALLS } from "../../../functions/security-groups/calls";
import { parseSettings } from "../../../settings";
import { CONFIG } from "../example-config";
import { sideWith } from "./members";
import { evaluated, referredTo, type Template } from "./template-values";

const template = stackSetTemplate(sideWith()) as Template;
const types = (resources: Template["Resources"]): string[] => Object.values(resources).map(({ Type }) => Type);
const rule = (name: string) => Object.values(template.Resources).find(({ Properties }) => Properties.Name === name);

describe("the StackSet's template", () => {
  it("fits into a call, even for all Regions that there are", () => {
    const regions = ["eu-west-1", ...Array.from({ length: 33 }, (_, index) => `ap-southeast${"-x".repeat(index % 2)}-${index % 10}`)];
    const side = { ...sideWith(), regions };
    assert.ok(Buffer.byteLength(JSON.stringify(stackSetTemplate(side))) <= TEMPLATE_LIMIT);
  });

  it("has no transform, and in its sections only what CloudFormation knows", () => {
    assert.deepEqual(Object.keys(template), ["AWSTemplateFormatVersion", "Description", "Conditions", "Resources"]);
    for (const [id, resource] of Object.entries(template.Resources)) {
      assert.match(id, /^[A-Za-z0-9]+$/);
      assert.match(resource.Type, /^AWS::(IAM::Role|SQS::Queue|SQS::QueuePolicy|Events::Rule|Scheduler::Schedule)$/);
      for (const key of Object.keys(resource)) {
        assert.match(key, /^(Type|Condition|DependsOn|Properties|DeletionPolicy|UpdateReplacePolicy)$/);
      }
    }
    assert.doesNotMatch(JSON.stringify(template), /Fn::Transform|undefined|\[object/);
  });

  it("refers only to what is in it, and in circles never", () => {
    const ids = new Set(Object.keys(template.Resources));
    const depths = new Map<string, number>();
    const depth = (id: string, above: readonly string[]): number => {
      assert.ok(ids.has(id), `${id} is in the template`);
      assert.ok(!above.includes(id), `${[...above, id].join(" → ")} is a circle`);
      const known = depths.get(id) ?? 1 + Math.max(0, ...referredTo(template.Resources[id]).map((to) => depth(to, [...above, id])));
      depths.set(id, known);
      return known;
    };
    for (const id of ids) depth(id, []);
    for (const { Condition } of Object.values(template.Resources)) assert.ok(Condition === undefined || Condition in template.Conditions);
  });

  it("makes the roles in the home Region alone, and everything else in each", () => {
    const at = (region: string) => types(evaluated(template, { "AWS::AccountId": "333333333333", "AWS::Region": region }));
    assert.equal(at("eu-west-1").filter((type) => type === "AWS::IAM::Role").length, 3);
    assert.deepEqual(
      at("us-east-1"),
      at("eu-west-1").filter((type) => type !== "AWS::IAM::Role"),
    );
  });

  it("sends on every call that changes a security group, the often forgotten ModifySecurityGroupRules among them", () => {
    const { EventPattern } = rule("tocsin-forward-security-group")?.Properties ?? {};
    const { detail } = EventPattern as { detail: { eventName: string[] } };
    assert.deepEqual(detail.eventName, [...SECURITY_GROUP_CALLS]);
    assert.ok(detail.eventName.includes("ModifySecurityGroupRules"));
    assert.equal(new Set(detail.eventName).size, 9);
  });

  it("has no role of the guard, and sends on no security groups, where nobody guards them", () => {
    const bare = stackSetTemplate(memberSide(parseSettings("test", CONFIG))) as Template;
    assert.deepEqual(
      Object.values(bare.Resources)
        .filter(({ Type }) => Type === "AWS::Events::Rule")
        .map(({ Properties }) => Properties.Name),
      ["tocsin-forward-heartbeat"],
    );
    assert.ok(!("GuardRole" in bare.Resources));
  });

  it("is the same from the same settings, in whatever Region it is made", () => {
    assert.equal(JSON.stringify(stackSetTemplate(sideWith())), JSON.stringify(template));
    assert.doesNotMatch(JSON.stringify(Object.values(template.Resources).map(({ Properties }) => Properties.Name)), /eu-west-1/);
  });

  it("speaks of the partition of the Organization", () => {
    const china = memberSide(
      parseSettings("test", {
        ...CONFIG,
        "aws:region": "cn-north-1",
        "tocsin:organization": { ...(CONFIG["tocsin:organization"] as object), regions: ["cn-north-1", "cn-northwest-1"] },
      }),
    );
    assert.doesNotMatch(JSON.stringify(stackSetTemplate(china)), /arn:aws:/);
    assert.equal(china.accounts.region, "cn-northwest-1");
  });
});
