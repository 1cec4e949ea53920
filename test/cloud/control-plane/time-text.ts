/** Returns whole minutes, as ECS writes times: `2026-11-24T08:15Z`. */
export function minuteText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`
}

/** Returns whole seconds, as the other products write times: `2026-11-24T08:15:30Z`. */
export function secondText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}
