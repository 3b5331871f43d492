import assert from "node:assert/strict";
import { Providers } from "../../../sandbox/engine/providers";

const URN = "urn:pulumi:test::test::pulumi:providers:aws::member";

describe("Place of a resource", () => {
  const place = (settings: Record<string, unknown>, region?: unknown) => {
    const providers = new Providers({});
    providers.add(URN, "pulumi:providers:aws", settings);
    return providers.resolve("aws:sqs/queue:Queue", `${URN}::some-id`, region);
  };
  const allowedAccountIds = '["222222222222"]';

  it("is the account that its provider may work in, and the provider's Region", () => {
    assert.deepEqual(place({ allowedAccountIds, region: "eu-west-1" }), { account: "222222222222", region: "eu-west-1" });
  });

  it("is the account of the role that its provider assumes", () => {
    const assumeRoles = '[{"roleArn":"arn:aws:iam::333333333333:role/Deployer"}]';
    assert.deepEqual(place({ assumeRoles, region: "eu-west-1" }), { account: "333333333333", region: "eu-west-1" });
    assert.equal(place({ allowedAccountIds, assumeRoles, region: "eu-west-1" })?.account, "222222222222");
  });

  it("has the Region that the resource itself names", () => {
    assert.deepEqual(place({ allowedAccountIds, region: "eu-west-1" }, "us-east-1"), { account: "222222222222", region: "us-east-1" });
    assert.deepEqual(place({ allowedAccountIds }, "us-east-1"), { account: "222222222222", region: "us-east-1" });
  });

  it("is unknown when the provider does not tell its account or Region", () => {
    assert.equal(place({ region: "eu-west-1" }), undefined);
    assert.equal(place({ allowedAccountIds }), undefined);
  });

  it("comes from the stack's settings for the default provider", () => {
    const providers = new Providers({ "aws:region": "eu-west-1", "aws:allowedAccountIds": allowedAccountIds });
    assert.deepEqual(providers.resolve("aws:sqs/queue:Queue", "", undefined), { account: "222222222222", region: "eu-west-1" });
    assert.equal(providers.resolve("random:index/randomId:RandomId", "", undefined), undefined);
  });

  it("is refused to a resource without a provider where default providers are disabled", () => {
    for (const disabled of ['["aws"]', '["*"]']) {
      const providers = new Providers({ "pulumi:disable-default-providers": disabled });
      assert.throws(() => providers.resolve("aws:sqs/queue:Queue", "", undefined), /must use an explicit provider/);
    }
  });
});
