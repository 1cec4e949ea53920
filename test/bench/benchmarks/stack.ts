import type { Benchmark } from '../benchmark.ts'

const MISSING = 'It takes the simulated cloud, which the benchmarks do not start yet'

/** The stack in the simulated cloud: booting an instance, and `pulumi up`. */
export const stack: Benchmark = {
  name: 'stack',
  run: async () => [
    {
      name: 'stack/boot',
      what: 'instance, boot to first 200',
      against: 'the same userland, empty cloud-config, to login',
      unit: 's more',
      goal: { atMost: 5 },
      missing: MISSING,
    },
    {
      name: 'stack/up',
      what: 'pulumi up',
      against: 'the critical path of its own API waits',
      goal: { atMost: 1.3 },
      missing: MISSING,
    },
  ],
}
