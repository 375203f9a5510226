import { deniedPerMinute } from "@daypass/core/kernel/denial.ts";
import { readRequest } from "@daypass/core/request/read-request.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStory, type Story } from "../story.ts";

let story: Story;
beforeEach(async () => {
  story = await createStory();
});
afterEach(() => story.world.close());

test("nobody fills the trail, or somebody else's story, with denials: after so many in a minute they only wait", async () => {
  const { id } = await story.ask();
  const look = () => readRequest(story.ctx("analyst"), { id });
  const { events } = await story.world.watch(async () => {
    for (let count = 0; count < deniedPerMinute; count += 1) {
      await expect(look()).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(look()).rejects.toMatchObject({ kind: "limited", code: "limit.too-many" });
    await expect(look()).rejects.toMatchObject({ kind: "limited", code: "limit.too-many" });
  });
  expect(events).toHaveLength(deniedPerMinute);
  const { events: others } = await story.world.watch(() =>
    expect(readRequest(story.ctx("administrator"), { id })).resolves.toMatchObject({ id }),
  );
  expect(others).toEqual([]);
  story.world.clock.advance({ minutes: 1 });
  await expect(look()).rejects.toMatchObject({ code: "not-found" });
});
