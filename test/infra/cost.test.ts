import { expect, inject, test } from "vitest";
import { idleItems } from "../../scripts/cost/idle.ts";
import { priceTable, totalAfterFree, totalOf, usdOf } from "../../scripts/cost/price.ts";
import { workloadItems } from "../../scripts/cost/workload.ts";

test("a stage without networks of its own costs under a dollar a month while idle", () => {
  const items = idleItems(inject("dev").resources);
  expect(totalAfterFree(items)).toBeLessThan(1);
  // Without what AWS gives: secrets, alarms and the sweeper.
  expect(totalOf(items)).toBeLessThan(3);
});

test("everything that is paid for while idle is named, once", () => {
  const { resources } = inject("production");
  const named = idleItems(resources).map(({ what }) => what);
  expect(new Set(named).size).toBe(named.length);
  for (const { type, name } of resources) {
    if (!/Secret$|MetricAlarm$|:Schedule$|:Table$/.test(type)) continue;
    expect(
      named.filter((what) => what.split(/[ ,]/).includes(name)),
      name,
    ).toHaveLength(1);
  }
});

test("a type of resource that nobody has thought about is an error that names it", () => {
  const unknown = { type: "aws:rds/instance:Instance", name: "Database", inputs: {} };
  expect(() => idleItems([...inject("dev").resources, unknown])).toThrow(/aws:rds\/instance:Instance/);
});

test("what is paid for being there is found: a NAT gateway, interface endpoints, keys", () => {
  const more = [
    { type: "aws:ec2/natGateway:NatGateway", name: "Nat", inputs: {} },
    {
      type: "aws:ec2/vpcEndpoint:VpcEndpoint",
      name: "Secrets",
      inputs: { vpcEndpointType: "Interface", subnetIds: ["a", "b"] },
    },
    { type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "Table", inputs: { vpcEndpointType: "Gateway" } },
    { type: "aws:kms/key:Key", name: "Key", inputs: {} },
  ];
  expect(totalOf(idleItems(more))).toBeCloseTo(730 * 0.045 + 2 * 730 * 0.01 + 1);
});

test("twice the grants cost about twice as much, and no price is missing or unused", () => {
  const work = { grants: 1000, hours: 8, statements: 20_000 };
  const [once, twice] = [workloadItems(work), workloadItems({ ...work, grants: 2000, statements: 40_000 })];
  expect(totalOf(twice) / totalOf(once)).toBeGreaterThan(1.7);
  expect(totalOf(once)).toBeLessThan(15);
  for (const item of once) expect(usdOf(item), item.what).toBeGreaterThan(0);
  expect(Object.keys(priceTable.alwaysFree).filter((price) => !(price in priceTable.usd))).toEqual([]);
});
