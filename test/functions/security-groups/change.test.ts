import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { NotAFinding } from "../../../functions/normalize/not-a-finding";
import { SECURITY_GROUP_CALLS } from "../../../functions/security-groups/calls";
import { readChange, wasRefused } from "../../../functions/security-groups/change";
import { changeInWords } from "../../../functions/security-groups/words";

const FOLDER = join(__dirname, "../../fixtures/security-groups");
const NAMES = readdirSync(FOLDER).map((file) => file.slice(0, -".json".length));
const event = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));
const GROUP = "sg-0a1b2c3d4e5f60718";

describe("CloudTrail's events of security groups", () => {
  it("are all understood, and each names its group, Region, account, time and caller", () => {
    assert.deepEqual(new Set(NAMES.map((name) => readChange(event(name)).call)), new Set(SECURITY_GROUP_CALLS));
    for (const name of NAMES) {
      const { groupId, region, accountId, at, actor, id } = readChange(event(name));
      assert.deepEqual([name, groupId, region, accountId, at], [name, GROUP, "eu-west-1", "444444444444", "2026-03-01T09:00:05.000Z"]);
      assert.match(id, /^3038ebd2-/);
      assert.notEqual(actor.name, "");
    }
  });

  const words: Readonly<Record<string, string>> = {
    "authorize-ingress": "opens TCP 22 (SSH) to 0.0.0.0/0 and ::/0",
    "authorize-ingress-nested-unnamed":
      "opens all traffic to members of sg-0fffffffffffffff1 and prefix list pl-0123456789abcdef0; UDP 53 (DNS) to 198.51.100.0/24",
    "authorize-ingress-flat": "opens TCP 3389 (RDP) to 0.0.0.0/0",
    "authorize-ingress-by-name": "opens TCP 22 (SSH) to 0.0.0.0/0",
    "authorize-egress": "lets TCP 443 (HTTPS) out to 0.0.0.0/0",
    "revoke-ingress": "closes TCP 22 (SSH) to 0.0.0.0/0 and ::/0",
    "revoke-ingress-by-id": "closes the rules sgr-0aaaaaaaaaaaaaaa1",
    "revoke-egress": "closes all traffic out to 0.0.0.0/0",
    "modify-rule": "changes sgr-0ccccccccccccccc1 to TCP 22 (SSH) to 0.0.0.0/0",
    "modify-rules": "changes sgr-0ccccccccccccccc1 and sgr-0ccccccccccccccc2 to TCP 22 (SSH) to 0.0.0.0/0 and ::/0",
    create: "creates the group web-servers",
    delete: "deletes the group",
    "describe-ingress": "describes rules anew",
    "describe-egress": "describes rules anew",
  };
  for (const name of NAMES) {
    it(`say in words what was done: ${name}`, () => assert.equal(changeInWords(readChange(event(name))), words[name]));
  }

  it("tell the ids of the rules that were added, where AWS answered them", () => {
    const ids = (name: string) => readChange(event(name)).added.map(({ id }) => id);
    assert.deepEqual(ids("authorize-ingress"), ["sgr-0aaaaaaaaaaaaaaa1", "sgr-0aaaaaaaaaaaaaaa2"]);
    assert.deepEqual(ids("authorize-ingress-flat"), [undefined]);
    assert.deepEqual(ids("modify-rules"), ["sgr-0ccccccccccccccc1", "sgr-0ccccccccccccccc2"]);
    assert.equal(readChange(event("authorize-ingress")).added[0]?.description, "for a moment");
    assert.equal(readChange(event("authorize-egress")).added[0]?.direction, "egress");
  });

  it("tell who it was: a person of single sign-on by their address, without claiming a second factor that CloudTrail does not know", () => {
    const { actor } = readChange(event("authorize-ingress"));
    assert.deepEqual(actor, {
      arn: "arn:aws:sts::444444444444:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/alice@example.com",
      name: "alice@example.com",
      roleArn: "arn:aws:iam::444444444444:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Developer_0123456789abcdef",
      type: "AssumedRole",
      mfa: false,
      sourceAddress: "198.51.100.7",
      userAgent: "aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux",
    });
  });

  it("tell of the root user, of a user with their path, and on whose behalf CloudFormation called", () => {
    const root = readChange(event("authorize-ingress-nested-unnamed")).actor;
    assert.deepEqual([root.type, root.arn, root.mfa, root.roleArn], ["Root", "arn:aws:iam::444444444444:root", true, undefined]);
    assert.notEqual(root.name, "");
    const bob = readChange(event("authorize-ingress-flat")).actor;
    assert.deepEqual([bob.name, bob.mfa], ["bob", undefined]);
    const cloudFormation = readChange(event("create")).actor;
    assert.deepEqual(
      [cloudFormation.via, cloudFormation.roleArn],
      ["cloudformation.amazonaws.com", "arn:aws:iam::444444444444:role/deployment"],
    );
  });

  it("are told apart from refused calls", () => {
    const refused = event("authorize-ingress");
    assert.equal(wasRefused(refused), false);
    (refused.detail as Record<string, unknown>).errorCode = "Client.InvalidPermission.Duplicate";
    assert.equal(wasRefused(refused), true);
  });

  it("are taken for the account and Region that EventBridge wrote on them, whatever the detail claims", () => {
    const forged = event("authorize-ingress");
    Object.assign(forged.detail as object, { recipientAccountId: "999999999999", awsRegion: "us-east-1" });
    const { accountId, region } = readChange(forged);
    assert.deepEqual([accountId, region], ["444444444444", "eu-west-1"]);
  });

  const nonsense: readonly [string, (event: Record<string, unknown>) => void][] = [
    ["another call", (e) => Object.assign(e.detail as object, { eventName: "RunInstances" })],
    ["no account", (e) => void delete e.account],
    ["no Region", (e) => Object.assign(e, { region: "everywhere" })],
    ["no detail", (e) => void delete e.detail],
  ];
  for (const [what, spoil] of nonsense) {
    it(`are refused with ${what}`, () => {
      const spoilt = event("authorize-ingress");
      spoil(spoilt);
      assert.throws(() => readChange(spoilt), NotAFinding);
    });
  }

  it("never break the reader, whatever stands in them", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.constantFrom("requestParameters", "responseElements", "userIdentity"),
        fc.jsonValue(),
        (name, key, value) => {
          const spoilt = event(name);
          Object.assign(spoilt.detail as object, { [key]: value });
          assert.ok(changeInWords(readChange(spoilt)).length > 0);
        },
      ),
    );
  });
});
