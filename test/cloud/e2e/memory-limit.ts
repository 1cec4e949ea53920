import { runCommand } from '../machine/command.ts'
import type { InstanceShell } from './instance-shell.ts'

const UNIT = 'oss-direct-upload.service'
const DROP_IN = `/run/systemd/system/${UNIT}.d`

/** A program that waits, then takes memory without end and tells how much it has. */
const GREEDY =
  'const held = []; setTimeout(() => { for (;;) { held.push(Buffer.alloc(1048576, 1)); ' +
  'if (held.length % 16 === 0) console.log("holds " + held.length + " MiB") } }, 1500)'

/** What came of a server that took more memory than its unit may have. */
export interface MemoryStory {
  /** MiB that it had when it last told. */
  held: number
  /** Units in which the kernel killed a process because the unit had used up its memory. */
  killed: string[]
  /** What systemd said of the end of that process, and what it did. */
  said: string[]
  /** Services that ran before and do not run, or run anew. */
  suffered: string[]
}

/**
 * Makes the server take memory without end: for one start another program stands in its unit, which
 * is otherwise as it was deployed. The start that follows is the server's again.
 *
 * @param machine Name of the machine's control groups on the host
 * @param untilBack Resolves once the server answers again
 */
export async function exceedMemory(
  shell: InstanceShell,
  machine: string,
  untilBack: () => Promise<unknown>,
): Promise<MemoryStory> {
  const before = await services(shell)
  const command = await shell.run(`sed -n 's/^ExecStart=//p' /etc/systemd/system/${UNIT}`)
  const [node = ''] = command.split(' ')
  await shell.run(
    `mkdir ${DROP_IN} && cat > ${DROP_IN}/greedy.conf <<'END'
[Service]
ExecStart=
ExecStart=${node} -e '${GREEDY}'
END
systemctl daemon-reload && systemctl restart ${UNIT}
rm -r ${DROP_IN} && systemctl daemon-reload`,
  )
  await untilBack()
  const after = await services(shell)
  const log = (await shell.log()).split('\n')
  const kernel = await runCommand('dmesg', [])
  const groups = kernel.matchAll(/constraint=CONSTRAINT_MEMCG,.*oom_memcg=\/([^/,]+)\/([^,]+),/g)
  return {
    held: Number(log.findLast((line) => line.startsWith('holds '))?.split(' ')[1]),
    killed: [...groups].flatMap(([, name, group]) =>
      name === machine ? [group?.split('/').at(-1) ?? ''] : [],
    ),
    said: log
      .slice(log.findIndex((line) => line.startsWith('holds ')))
      .filter((line) => /^\S+: (Main process|Failed|Scheduled)/.test(line)),
    suffered: Object.keys(before).filter((id) => id !== UNIT && before[id] !== after[id]),
  }
}

/** Invocation of each service that runs, by its name. */
async function services(shell: InstanceShell): Promise<Record<string, string>> {
  const shown = await shell.run(
    "systemctl show --state=running --property=Id --property=InvocationID '*.service'",
  )
  return Object.fromEntries(
    shown
      .trim()
      .split('\n\n')
      .map((text) => [/^Id=(.*)$/m.exec(text)?.[1], /^InvocationID=(.*)$/m.exec(text)?.[1]]),
  )
}
