/** For a test: starts a machine, prints the name of its run, and lives until it is killed. */
import { Datacenter } from './datacenter.ts'
import { describeMachine, minimalCloud } from './machine-setup.ts'

const datacenter = await Datacenter.open()
await datacenter.attach(minimalCloud())
await datacenter.start(describeMachine(9))
console.log(datacenter.run)
setInterval(() => {}, 60_000)
