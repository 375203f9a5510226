import type { Reporter, TestModule } from "vitest/node";

const shown = 10;

/** Prints the ten slowest tests of a run, so that whoever adds a slow one sees it. */
export default class SlowestTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({
        seconds: (test.diagnostic()?.duration ?? 0) / 1000,
        name: `${module.project.name} ${module.relativeModuleId} › ${test.name}`,
      })),
    );
    const slowest = tests.toSorted((one, other) => other.seconds - one.seconds).slice(0, shown);
    const lines = slowest.map(({ seconds, name }) => `  ${seconds.toFixed(1).padStart(6)} s  ${name}`);
    process.stdout.write(`\nThe ${slowest.length} slowest tests:\n${lines.join("\n")}\n`);
  }
}
